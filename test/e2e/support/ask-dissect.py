# Opens an acquisition as dissect does, by its own UAC loader, and prints what its plugins say as lines of text by plugin.
import calendar, ipaddress, json, logging, sys

logging.disable(logging.CRITICAL)
from dissect.target import Target

target = Target.open(sys.argv[1])


def text(value):
    return '' if value is None else str(value)


def micros(moment):
    return str(calendar.timegm(moment.utctimetuple()) * 1000000 + moment.microsecond)


def line(*values):
    return '|'.join(text(value) for value in values)


def known():
    return [path.name for path in target.proc.iter_proc() if path.joinpath('stat').exists()]


def address(ip):
    mapped = getattr(ip, 'ipv4_mapped', None)
    return str(ip) if mapped is None else '::ffff:%s' % mapped


def ends(one):
    ips = [address(ipaddress.ip_address(str(ip))) for ip in (one.local_ip, one.remote_ip)]
    return line(one.protocol_string, ips[0], one.local_port, ips[1], one.remote_port, one.inode, one.pid)


rows = {
    'target': lambda: [line(target.os, target.hostname)],
    'users': lambda: [line(one.name, one.uid, one.gid, one.home, one.shell) for one in target.users()],
    # Not its plugin of this name: that one stops at the first process of which less than all came, and where the kernel
    # keeps no login uid.
    'processes': lambda: [
        line(one.pid, one.name, one.ppid)
        for one in map(target.proc.process, known())
    ],
    'cmdline': lambda: [line(one.pid, one.cmdline) for one in map(target.proc.process, known())],
    'environ': lambda: [line(one.pid, one.variable, one.content) for one in target.environ()],
    'tcp': lambda: [ends(one) for one in target.proc.sockets.tcp()],
    'tcp6': lambda: [ends(one) for one in target.proc.sockets.tcp6()],
    'udp': lambda: [ends(one) for one in target.proc.sockets.udp()],
    'udp6': lambda: [ends(one) for one in target.proc.sockets.udp6()],
    'unix': lambda: [line(one.inode, one.path) for one in target.proc.sockets.unix()],
    'modules': lambda: [line(one.name, one.size) for one in target.sysmodules()],
    'wtmp': lambda: [line(micros(one.ts), one.ut_type, one.ut_user, one.ut_pid, one.ut_line, one.ut_host) for one in target.wtmp()],
    'btmp': lambda: [line(micros(one.ts), one.ut_type, one.ut_user, one.ut_pid, one.ut_line, one.ut_host) for one in target.btmp()],
    'journal': lambda: [line(micros(one.ts), one.pid, one.message) for one in target.journal()],
    'authlog': lambda: [line(one.service, one.pid, one.message) for one in target.authlog()],
    'cronjobs': lambda: [
        line(one.minute, one.hour, one.day, one.month, one.weekday, one.command)
        for one in target.cronjobs()
        if hasattr(one, 'minute')
    ],
    'services': lambda: [line(one.source, getattr(one, 'Service_ExecStart', None)) for one in target.services()],
}
said = {}
for name, work in rows.items():
    try:
        said[name] = list(work())
    except Exception as error:
        said[name] = ['%s: %s' % (type(error).__name__, error)]
json.dump(said, sys.stdout)
