# answered.py [PID ADDRESS PORT]...: begins TCP connections from the network namespaces of processes and prints the number of each
# that is refused, counted from 0, on a line of its own. Half a second is waited from the last of them on. The kernel takes the
# answers, so that a late look sees them all the same.
import ctypes, errno, select, socket, sys, time

libc = ctypes.CDLL(None, use_errno=True)
words = sys.argv[1:]
refused = []
waiting = {}
poll = select.poll()
for number in range(len(words) // 3):
    pid, address, port = words[3 * number:3 * number + 3]
    with open(f'/proc/{pid}/ns/net') as space:
        if libc.setns(space.fileno(), 0x40000000) != 0:  # CLONE_NEWNET
            raise OSError(ctypes.get_errno(), 'setns')
    one = socket.socket(socket.AF_INET6 if ':' in address else socket.AF_INET)
    one.setblocking(False)
    code = one.connect_ex((address, int(port)))
    if code == errno.ECONNREFUSED:
        refused.append(number)
    elif code == errno.EINPROGRESS:
        waiting[one.fileno()] = number, one
        poll.register(one, select.POLLOUT)
end = time.monotonic() + 0.5
while waiting:
    ready = poll.poll(max(0, int((end - time.monotonic()) * 1000)))
    if not ready:
        break
    for descriptor, _ in ready:
        number, one = waiting.pop(descriptor)
        poll.unregister(descriptor)
        if one.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == errno.ECONNREFUSED:
            refused.append(number)
for number in refused:
    print(number)
