# Holds sockets of every kind in a network namespace of its own and prints, as JSON, the kernel's tables of them and what
# ss and lsof say, all while nothing changes.
import json, os, socket, subprocess, sys, tempfile

subprocess.run(['ip', 'link', 'set', 'lo', 'up'], check=True)
held = []

def bound(family, kind, address, listen=False):
    one = socket.socket(family, kind)
    one.bind(address)
    if listen:
        one.listen()
    held.append(one)
    return one

def connected(server, address):
    client = socket.socket(server.family, server.type)
    client.connect(address)
    held.append(client)
    if server.type == socket.SOCK_STREAM:
        held.append(server.accept()[0])

place = tempfile.mkdtemp()
tcp = bound(socket.AF_INET, socket.SOCK_STREAM, ('127.0.0.1', 8080), True)
connected(tcp, ('127.0.0.1', 8080))
tcp6 = bound(socket.AF_INET6, socket.SOCK_STREAM, ('::1', 8081), True)
connected(tcp6, ('::1', 8081))
both = bound(socket.AF_INET6, socket.SOCK_STREAM, ('::', 8082), True)
connected(both, ('::1', 8082))
mapped = socket.create_connection(('127.0.0.1', 8082))
held += [mapped, both.accept()[0]]
udp = bound(socket.AF_INET, socket.SOCK_DGRAM, ('127.0.0.1', 5353))
connected(udp, ('127.0.0.1', 5353))
bound(socket.AF_INET6, socket.SOCK_DGRAM, ('::', 5354))
path = os.path.join(place, 'a socket')
stream = bound(socket.AF_UNIX, socket.SOCK_STREAM, path, True)
connected(stream, path)
bound(socket.AF_UNIX, socket.SOCK_DGRAM, '\0abstract name')
bound(socket.AF_UNIX, socket.SOCK_SEQPACKET, os.path.join(place, 'seq'), True)
held += list(socket.socketpair())

def said(*command):
    done = subprocess.run(command, capture_output=True, text=True, env={'PATH': '/usr/bin:/bin:/usr/sbin:/sbin', 'LC_ALL': 'C'})
    return done.stdout

def table(name):
    with open('/proc/self/net/' + name) as file:
        return file.read()

json.dump({
    'pid': os.getpid(),
    'tables': {name: table(name) for name in ('tcp', 'tcp6', 'udp', 'udp6', 'unix')},
    'links': {name: os.readlink('/proc/self/fd/' + name) for name in os.listdir('/proc/self/fd') if os.path.islink('/proc/self/fd/' + name)},
    'ss': said('ss', '-Hnatuxep'),
    'lsof': said('lsof', '-nP', '-a', '-i', '-p', str(os.getpid()), '-F', 'tnTd'),
    'lsofunix': said('lsof', '-nP', '-a', '-U', '-p', str(os.getpid()), '-F', 'ni'),
}, sys.stdout)
for name in os.listdir(place):
    os.unlink(os.path.join(place, name))
os.rmdir(place)
