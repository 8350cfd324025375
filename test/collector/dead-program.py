"""A file system of one program, which takes requests and never answers them once a file says so: FUSE 7.31, linux/fuse.h."""
import ctypes, os, struct, sys
mountpoint, program, stop = sys.argv[1:]
content = open(program, 'rb').read()
fd = os.open('/dev/fuse', os.O_RDWR)
options = 'fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other' % fd
if ctypes.CDLL(None, use_errno=True).mount(b'dead', mountpoint.encode(), b'fuse.dead', 0, options.encode()) != 0:
    raise OSError(ctypes.get_errno())
def attr(node):
    directory = node == 1
    return struct.pack('<QQQQQQIIIIIIIIII', node, 0 if directory else len(content), 0, 0, 0, 0, 0, 0, 0,
                       0o40755 if directory else 0o100755, 1, 0, 0, 0, 4096, 0)
while True:
    request = os.read(fd, 1 << 20)
    length, opcode, unique, node = struct.unpack_from('<IIQQ', request)
    body = request[40:]
    answer, error = b'', 0
    if opcode == 26: answer = struct.pack('<IIIIHHIIHHI', 7, 31, 65536, 0, 12, 10, 65536, 1, 16, 0, 0) + bytes(28)
    elif opcode == 1: answer, error = (struct.pack('<QQQQII', 2, 0, 1, 0, 0, 0) + attr(2), 0) if body.rstrip(b'\0') == b'p' else (b'', -2)
    elif opcode == 3: answer = struct.pack('<QII', 0, 0, 0) + attr(node)
    elif opcode in (14, 27): answer = struct.pack('<QII', 1, 0, 0)
    elif opcode == 15:
        _, offset, size = struct.unpack_from('<QQI', body)
        answer = content[offset:offset + size]
    elif opcode == 2 or opcode == 42: continue
    elif opcode in (18, 25, 29): pass
    else: error = -38
    if os.path.exists(stop): continue
    os.write(fd, struct.pack('<IiQ', 16 + len(answer), error, unique) + answer)
