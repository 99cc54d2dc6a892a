/*
 * Starts an image's command as a plain process of this computer, behind the walls of the target `process`. Static, and no other program is
 * started on the way: what the walls take is not to be told as the application's start.
 *   process NAME TREE COMMAND [ARGUMENT …]
 * It is started in TREE, the image's unpacked root; the two first words are there to be found by. It expects to be open:
 *   3  marks go out, in the words of init.c, each line by one write(): exec · refused REASON TEXT
 *   4  settings, NUL-ended KEY=VALUE: env · cwd · names (for this computer, beside its host name) · uid, gid and groups, where Tare is root
 *   5  the user namespace of images' ids, where Tare is root; otherwise one is made in which this user is root
 *   6  a process that writes `0` is in the control group that counts it from then on
 * Two processes stay: one that this computer sees, and the first of the process table, which ends when the application does, or is
 * killed with its parent, and takes everything with it. Exit: as the application, 128 + N after signal N, 125 when it was refused.
 */
#define _GNU_SOURCE
#include <grp.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include "common.h"

enum { marks = 3, settings = 4, ids = 5, group = 6 };
enum { most_variables = 4096, most_groups = 256, refused_exit = 125 };

/* Every computer has it, and it is covered for this process alone. */
#define PLACE "/tmp"

/* Where the application's process says that it was refused; closed by what it executes. */
static int report = -1;

/* One line to Tare. */
static void say(const char *line)
{
	char text[1024];
	int length = snprintf(text, sizeof text - 1, "%s", line);
	if (length > (int)sizeof text - 2)
		length = (int)sizeof text - 2;
	for (int i = 0; i < length; i++)
		if (text[i] == '\n')
			text[i] = ' ';
	text[length++] = '\n';
	write_all(marks, text, (size_t)length);
}

__attribute__((format(printf, 2, 3), noreturn)) static void refuse(const char *reason, const char *format, ...)
{
	char text[512], line[600];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	snprintf(line, sizeof line, "refused %s %s", reason, text);
	say(line);
	if (report >= 0)
		write_all(report, "", 1);
	_exit(refused_exit);
}

/* A mount or a namespace that this computer's kernel refuses, told to a person as well, as the programs of these names would. */
__attribute__((noreturn)) static void denied(const char *program, const char *what)
{
	const char *why = strerror(errno);
	dprintf(2, "%s: %s failed: %s\n", program, what, why);
	refuse("mount", "%s: %s", what, why);
}

/* --- settings ----------------------------------------------------------------------------------------------- */

static char *environment[most_variables + 1];
static int environment_count;
static const char *working_folder = "/", *names = "";
static int takes_user;
static uid_t run_uid;
static gid_t run_gid, run_groups[most_groups];
static int group_count;

static void read_groups(char *list)
{
	char *entry;
	while ((entry = strsep(&list, ",")) && group_count < most_groups)
		run_groups[group_count++] = (gid_t)strtoul(entry, NULL, 10);
}

static void read_settings(void)
{
	size_t length;
	lseek(settings, 0, SEEK_SET); /* it was written through the same descriptor */
	char *text = read_all(settings, &length);
	if (!text)
		refuse("command", "out of memory");
	for (char *at = text; at < text + length;) {
		char *next = at + strlen(at) + 1, *value = strchr(at, '=');
		if (value) {
			value++;
			if (!strncmp(at, "env=", 4) && environment_count < most_variables)
				environment[environment_count++] = value;
			else if (!strncmp(at, "cwd=", 4))
				working_folder = value;
			else if (!strncmp(at, "names=", 6))
				names = value;
			else if (!strncmp(at, "uid=", 4)) {
				takes_user = 1;
				run_uid = (uid_t)strtoul(value, NULL, 10);
			} else if (!strncmp(at, "gid=", 4))
				run_gid = (gid_t)strtoul(value, NULL, 10);
			else if (!strncmp(at, "groups=", 7))
				read_groups(value);
		}
		at = next;
	}
}

/* --- namespaces --------------------------------------------------------------------------------------------- */

/* One user is mapped, this one, as root; a namespace that is made without privileges has no groups to give. */
static void map_own_user(uid_t uid, gid_t gid)
{
	char map[64];
	write_file("/proc/self/setgroups", O_NOFOLLOW, "deny");
	snprintf(map, sizeof map, "0 %u 1", uid);
	write_file("/proc/self/uid_map", O_NOFOLLOW, map);
	snprintf(map, sizeof map, "0 %u 1", gid);
	write_file("/proc/self/gid_map", O_NOFOLLOW, map);
}

/*
 * Its walls are those of a user namespace, also where Tare is root: whatever the application becomes inside, it is nobody on this
 * computer, so that nothing of /proc has to be masked.
 */
static void enter_namespaces(void)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();
	if (takes_user) {
		if (setns(ids, CLONE_NEWUSER) < 0 || setgroups(0, NULL) < 0 || setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0)
			denied("unshare", "entering the user namespace");
	} else {
		if (unshare(CLONE_NEWUSER) < 0)
			denied("unshare", "making a user namespace");
		map_own_user(uid, gid);
	}
	/* Only now: the kernel forgets it with every change of the user. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || unshare(CLONE_NEWNS | CLONE_NEWPID) < 0)
		denied("unshare", "making the namespaces");
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		denied("mount", "mounting / as private");
}

/* --- the root ----------------------------------------------------------------------------------------------- */

static void mount_or_refuse(const char *source, const char *where, const char *type, unsigned long flags, const char *data)
{
	char what[256];
	if (mount(source, where, type, flags, data) == 0)
		return;
	snprintf(what, sizeof what, "mounting %s on %s", source, where);
	denied("mount", what);
}

static void copy_resolver(void)
{
	int fd = open("/etc/resolv.conf", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	char *text = read_all(fd, NULL);
	close(fd);
	if (!text)
		return;
	write_file("root/etc/resolv.conf", O_NOFOLLOW, text);
	free(text);
}

static void write_hosts(void)
{
	char name[256] = "", text[8192];
	gethostname(name, sizeof name - 1);
	snprintf(text, sizeof text, "127.0.0.1\tlocalhost %s%s%s\n::1\tlocalhost\n", name, *names ? " " : "", names);
	write_file("root/etc/hosts", O_NOFOLLOW, text);
}

/*
 * The tree below, memory above; then this becomes the root, which holds nothing of this computer's but six devices. The working folder
 * stays where the memory is: by it Tare finds what was written.
 */
static void build_root(void)
{
	/* There are files for them in the tree (main/engine/images/disk/tree.ts). */
	static const char *const devices[] = { "null", "zero", "full", "random", "urandom", "tty" };
	mount_or_refuse("tare", PLACE, "tmpfs", 0, "mode=0755");
	if (mkdir(PLACE "/upper", 0755) < 0 || mkdir(PLACE "/work", 0755) < 0 || mkdir(PLACE "/root", 0755) < 0)
		denied("mount", "making folders in " PLACE);
	/* userxattr: what marks deleted files would otherwise need this computer's root. */
	mount_or_refuse("tare", PLACE "/root", "overlay", 0, "lowerdir=.,upperdir=" PLACE "/upper,workdir=" PLACE "/work,userxattr");
	if (chdir(PLACE) < 0)
		denied("mount", "entering " PLACE);
	mount_or_refuse("proc", "root/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
	for (size_t i = 0; i < sizeof devices / sizeof *devices; i++) {
		char from[64], to[64];
		snprintf(from, sizeof from, "/dev/%s", devices[i]);
		snprintf(to, sizeof to, "root/dev/%s", devices[i]);
		mount_or_refuse(from, to, NULL, MS_BIND, NULL);
	}
	copy_resolver();
	write_hosts();
	if (syscall(SYS_pivot_root, "root", "root/sys") < 0 || umount2("/sys", MNT_DETACH) < 0)
		denied("mount", "changing the root");
}

/* --- the application ---------------------------------------------------------------------------------------- */

static void become_user(void)
{
	if (limit_capabilities() < 0)
		refuse("user", "capabilities: %s", strerror(errno));
	if (takes_user && (setgroups((size_t)group_count, run_groups) < 0 || setresgid(run_gid, run_gid, run_gid) < 0 ||
			   setresuid(run_uid, run_uid, run_uid) < 0))
		refuse("user", "%s", strerror(errno));
}

/* Where a command is: as a shell would look for it. */
static int find_command(const char *name, char file[PATH_MAX])
{
	const char *path = NULL;
	if (strchr(name, '/'))
		return snprintf(file, PATH_MAX, "%s", name) < PATH_MAX;
	for (int i = 0; i < environment_count; i++)
		if (!strncmp(environment[i], "PATH=", 5))
			path = environment[i] + 5;
	char *places = strdup(path ? path : ""), *place;
	while ((place = strsep(&places, ":"))) {
		struct stat found;
		if (snprintf(file, PATH_MAX, "%s/%s", *place ? place : ".", name) < PATH_MAX && stat(file, &found) == 0 &&
		    S_ISREG(found.st_mode) && access(file, X_OK) == 0)
			return 1;
	}
	return 0;
}

__attribute__((noreturn)) static void run_command(char *command[])
{
	char file[PATH_MAX];
	write_all(group, "0", 1); /* the kernel may refuse to count it: Tare looks whether it is counted */
	become_user();
	if (chdir(working_folder) < 0)
		refuse("working-folder", "%s", working_folder);
	if (!find_command(command[0], file))
		refuse("no-such-command", "%s", command[0]);
	execve(file, command, environment);
	int why = errno;
	if (why == ENOENT && access(file, F_OK) < 0)
		refuse("no-such-command", "%s", command[0]);
	refuse("command", "%s: %s", command[0], why == EACCES ? "permission denied" : strerror(why));
}

/* Waits for one child and for whatever else ends here; answers with its exit as a shell would. */
static int exit_of(pid_t child)
{
	for (;;) {
		int status;
		pid_t ended = waitpid(-1, &status, 0);
		if (ended < 0 && errno != EINTR)
			return refused_exit;
		if (ended == child)
			return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	}
}

/* The first process of the table. */
static int run_first(char *command[])
{
	int executed[2];
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	build_root();
	if (pipe2(executed, O_CLOEXEC) < 0)
		refuse("command", "pipe: %s", strerror(errno));
	pid_t application = fork();
	if (application < 0)
		refuse("command", "fork: %s", strerror(errno));
	if (application == 0) {
		report = executed[1];
		run_command(command);
	}
	close(executed[1]);
	char refused;
	ssize_t got;
	while ((got = read(executed[0], &refused, 1)) < 0 && errno == EINTR)
		;
	if (got == 0)
		say("exec");
	return exit_of(application);
}

int main(int count, char *words[])
{
	if (count < 4)
		return refused_exit;
	/* What is not given must not become a pipe of this program's own. */
	for (int fd = marks; fd <= group; fd++)
		if (fcntl(fd, F_SETFD, FD_CLOEXEC) < 0 && open("/dev/null", O_RDWR | O_CLOEXEC) != fd)
			return refused_exit;
	read_settings();
	enter_namespaces();
	pid_t first = fork();
	if (first < 0)
		refuse("command", "fork: %s", strerror(errno));
	if (first == 0)
		_exit(run_first(words + 3));
	return exit_of(first);
}
