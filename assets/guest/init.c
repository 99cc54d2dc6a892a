/*
 * PID 1 of a Tare guest. Static, needs nothing of the image, so an image FROM scratch boots too.
 * It loads modules, mounts the image (EROFS unless told otherwise, read only) under a tmpfs overlay, configures the network by ioctl and
 * runs the application as Docker would: user and groups, HOME, PATH, working directory, stdout and stderr as pipes.
 *
 * Two serial lines: the first carries what the application prints (and the kernel's complaints); the second is the agent's alone,
 * so a mark can never be confused with output. Every line there is written by one write():
 *   init · network · exec · refused REASON TEXT · exit status N · exit signal N · exit memory · meminfo NAME=KIB …
 * It obeys `meminfo`, `poweroff` and, in a machine that was saved and resumed, `renew EPOCH_NS HEX`: it sets the time of day, stirs 32
 * fresh bytes into the kernel's random numbers, which clones share, and confirms both by `renewed`.
 * What to run stands in /tare.config of the initramfs: NUL-ended KEY=VALUE. Each record `application=` in it begins what one of several
 * applications is told that share this machine: see below, "several applications".
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <grp.h>
#include <limits.h>
#include <linux/random.h>
#include <linux/rtnetlink.h>
#include <linux/sched.h>
#include <net/if.h>
#include <net/route.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/klog.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include "common.h"

enum { longest_list = 4096, most_groups = 256, polite_ms = 800 };

static int agent = -1, console = -1;

/* Of several applications in the machine, the one that this process is PID 1 of; below 0 where there is only one, or in the first PID 1. */
static int member = -1;

/* --- saying things ------------------------------------------------------------------------------------------ */

__attribute__((format(printf, 1, 2))) static void say(const char *format, ...)
{
	char line[1024];
	va_list arguments;
	va_start(arguments, format);
	int length = vsnprintf(line, sizeof line - 1, format, arguments);
	va_end(arguments);
	if (length < 0)
		return;
	if (length > (int)sizeof line - 2)
		length = (int)sizeof line - 2;
	for (int i = 0; i < length; i++)
		if (line[i] == '\n')
			line[i] = ' ';
	line[length++] = '\n';
	write_all(agent, line, (size_t)length);
}

static void leave(void)
{
	if (member >= 0)
		_exit(0); /* and all that is left in its namespace with it */
	klogctl(8, NULL, 1); /* the kernel's farewell would end up in the application's output */
	sync();
	if (console >= 0)
		tcdrain(console);
	if (agent >= 0)
		tcdrain(agent);
	reboot(RB_AUTOBOOT); /* QEMU runs with -no-reboot: this ends it without needing ACPI */
	for (;;)
		pause();
}

/* The machine or the image cannot do what was asked: say why, and end. */
__attribute__((format(printf, 2, 3), noreturn)) static void refuse(const char *reason, const char *format, ...)
{
	char text[512];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	say("refused %s %s", reason, text);
	leave();
	abort();
}

/* --- files -------------------------------------------------------------------------------------------------- */

/* The whole file with a NUL after it, or NULL. */
static char *read_file(const char *path, size_t *length)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return NULL;
	char *data = read_all(fd, length);
	close(fd);
	return data;
}

static int make_folders(const char *path)
{
	char part[PATH_MAX];
	snprintf(part, sizeof part, "%s", path);
	for (char *c = part + 1; *c; c++)
		if (*c == '/') {
			*c = 0;
			mkdir(part, 0755);
			*c = '/';
		}
	mkdir(part, 0755);
	struct stat found;
	if (stat(path, &found) < 0)
		return -1;
	errno = ENOTDIR;
	return S_ISDIR(found.st_mode) ? 0 : -1;
}

/* --- what to run -------------------------------------------------------------------------------------------- */

static char *arguments[longest_list], *environment[longest_list];
static int argument_count, environment_count;
static const char *working_folder = "/", *user = "", *hostname = "tare", *image_type = "erofs", *image_disk = "/dev/vda";
static int stop_signal = SIGTERM, may_go_out;

static const char *environment_value(const char *name)
{
	size_t length = strlen(name);
	for (int i = 0; i < environment_count; i++)
		if (!strncmp(environment[i], name, length) && environment[i][length] == '=')
			return environment[i] + length + 1;
	return NULL;
}

/* A later value replaces an earlier one, as in Docker. */
static void set_environment(char *entry)
{
	char *equals = strchr(entry, '=');
	if (!equals)
		return;
	size_t length = (size_t)(equals - entry) + 1;
	for (int i = 0; i < environment_count; i++)
		if (!strncmp(environment[i], entry, length)) {
			environment[i] = entry;
			return;
		}
	if (environment_count == longest_list - 1)
		refuse("too-long", "more than %d environment variables", longest_list - 1);
	environment[environment_count++] = entry;
}

static void set_environment_value(const char *name, const char *value)
{
	char *entry;
	if (asprintf(&entry, "%s=%s", name, value) >= 0)
		set_environment(entry);
}

static char *open_config(size_t *length)
{
	char *config = read_file("/tare.config", length);
	if (!config)
		refuse("config", "the initrd holds no /tare.config");
	unlink("/tare.config");
	return config;
}

static void read_config(char *config, const char *end)
{
	set_environment_value("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
	set_environment_value("HOSTNAME", "tare");
	for (char *at = config; at < end; at += strlen(at) + 1) {
		char *value = strchr(at, '=');
		if (!value)
			continue;
		value++;
		if (!strncmp(at, "arg=", 4)) {
			if (argument_count == longest_list - 1)
				refuse("too-long", "more than %d arguments", longest_list - 1);
			arguments[argument_count++] = value;
		} else if (!strncmp(at, "env=", 4)) {
			set_environment(value);
		} else if (!strncmp(at, "cwd=", 4)) {
			working_folder = value;
		} else if (!strncmp(at, "user=", 5)) {
			user = value;
		} else if (!strncmp(at, "image=", 6)) {
			image_type = value;
		} else if (!strncmp(at, "disk=", 5)) {
			image_disk = value;
		} else if (!strcmp(at, "network=outgoing")) {
			may_go_out = 1;
		} else if (!strncmp(at, "stop=", 5)) {
			stop_signal = atoi(value);
		} else if (!strncmp(at, "hostname=", 9)) {
			hostname = value;
			set_environment_value("HOSTNAME", value);
		}
	}
}

/* --- the machine -------------------------------------------------------------------------------------------- */

static int open_line(const char *path)
{
	int fd = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
	struct termios settings;
	if (fd >= 0 && !tcgetattr(fd, &settings)) {
		cfmakeraw(&settings);
		settings.c_cflag |= CLOCAL | CREAD;
		cfsetspeed(&settings, B115200);
		tcsetattr(fd, TCSANOW, &settings);
	}
	return fd;
}

/* An arm64 board's, or a PC's: there are files for a PC's lines everywhere. */
static int open_either(const char *board, const char *pc)
{
	int fd = open_line(board);
	return fd >= 0 ? fd : open_line(pc);
}

static void mount_or_refuse(const char *source, const char *where, const char *type, unsigned long flags, const char *data)
{
	mkdir(where, 0755);
	if (mount(source, where, type, flags, data) < 0)
		refuse("mount", "%s on %s: %s", type, where, strerror(errno));
}

/* One of several applications sees no device of the machine, only what Docker gives to a container as well. */
static void make_nodes(const char *folder)
{
	static const struct {
		const char *name;
		unsigned major, minor;
	} nodes[] = { { "null", 1, 3 }, { "zero", 1, 5 }, { "full", 1, 7 }, { "random", 1, 8 }, { "urandom", 1, 9 }, { "tty", 5, 0 } };
	char path[128];
	mount_or_refuse("dev", folder, "tmpfs", MS_NOSUID, "mode=0755,size=64k");
	for (size_t i = 0; i < sizeof nodes / sizeof *nodes; i++) {
		snprintf(path, sizeof path, "%s/%s", folder, nodes[i].name);
		if (mknod(path, S_IFCHR, makedev(nodes[i].major, nodes[i].minor)) < 0 || chmod(path, 0666) < 0)
			refuse("mount", "%s: %s", path, strerror(errno));
	}
}

/* devtmpfs makes the nodes; the links are what programs expect beside them. */
static void mount_devices(const char *root)
{
	char path[64];
	snprintf(path, sizeof path, "%s/dev", root);
	if (member >= 0)
		make_nodes(path);
	else
		mount_or_refuse("dev", path, "devtmpfs", MS_NOSUID, "mode=0755");
	static const char *const links[][2] = {
		{ "/proc/self/fd", "fd" },	 { "/proc/self/fd/0", "stdin" },  { "/proc/self/fd/1", "stdout" },
		{ "/proc/self/fd/2", "stderr" }, { "pts/ptmx", "ptmx" },
	};
	for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
		snprintf(path, sizeof path, "%s/dev/%s", root, links[i][1]);
		unlink(path);
		if (symlink(links[i][0], path) < 0)
			refuse("mount", "%s: %s", path, strerror(errno));
	}
	snprintf(path, sizeof path, "%s/dev/pts", root);
	mount_or_refuse("devpts", path, "devpts", MS_NOSUID | MS_NOEXEC, "gid=5,mode=620,ptmxmode=666");
	snprintf(path, sizeof path, "%s/dev/shm", root);
	mount_or_refuse("shm", path, "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777,size=64m");
	snprintf(path, sizeof path, "%s/dev/mqueue", root);
	mkdir(path, 0755);
	mount("mqueue", path, "mqueue", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL); /* not every kernel has it */
}

static void load_listed(const char *list)
{
	char *order = read_file(list, NULL);
	for (char *name = order ? strtok(order, "\n") : NULL; name; name = strtok(NULL, "\n")) {
		char path[PATH_MAX];
		snprintf(path, sizeof path, "/modules/%s", name);
		int fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0 || (syscall(SYS_finit_module, fd, "", 0) < 0 && errno != EEXIST))
			refuse("module", "%s: %s", name, strerror(errno));
		close(fd);
		unlink(path); /* the initramfs is memory */
	}
	free(order);
}

static unsigned long long total_memory(void)
{
	struct sysinfo info;
	return sysinfo(&info) < 0 ? 0 : (unsigned long long)info.totalram * info.mem_unit;
}

/*
 * Drivers of what not every machine has stand in lists of their own. Memory that is plugged is the application's as much as any other, so
 * that it is waited for: the kernel's line says how much, and what it does not know itself it hands to its first program.
 */
static void load_modules(void)
{
	const char *plugged = getenv("plugged");
	unsigned long long wanted = total_memory() + (plugged ? strtoull(plugged, NULL, 10) : 0);
	load_listed("/modules/order");
	load_listed("/modules/order-balloon");
	load_listed("/modules/order-virtio-mem");
	for (int tries = 0; plugged && total_memory() < wanted; tries++) {
		if (tries == 5000)
			refuse("memory", "%llu bytes of %s were not plugged", wanted - total_memory(), plugged);
		usleep(2000);
	}
}

/* To /lower, unless it lies there already because it came with the initramfs. */
static void mount_image(void)
{
	if (!strcmp(image_type, "initramfs"))
		return;
	for (int tries = 0; access(image_disk, F_OK) < 0; tries++) {
		if (tries == 1000)
			refuse("mount", "the disk %s did not appear", image_disk);
		usleep(2000);
	}
	mount_or_refuse(image_disk, "/lower", image_type, MS_RDONLY, NULL);
}

/* The image below, memory above; then this becomes the root for good. */
static void enter_image(void)
{
	mount_image();
	struct stat root;
	if (stat("/lower", &root) < 0)
		refuse("mount", "/lower: %s", strerror(errno));
	mount_or_refuse("rw", "/rw", "tmpfs", 0, "mode=0755");
	mkdir("/rw/upper", 0755);
	mkdir("/rw/work", 0755);
	if (chown("/rw/upper", root.st_uid, root.st_gid) < 0 || chmod("/rw/upper", root.st_mode & 07777) < 0)
		refuse("mount", "/rw/upper: %s", strerror(errno));
	mount_or_refuse("overlay", "/root", "overlay", 0, "lowerdir=/lower,upperdir=/rw/upper,workdir=/rw/work");
	mount_or_refuse("proc", "/root/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
	mount_or_refuse("sysfs", "/root/sys", "sysfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
	mount_devices("/root");
	umount2("/dev", MNT_DETACH);
	unlink("/init");
	if (chdir("/root") < 0 || mount(".", "/", NULL, MS_MOVE, NULL) < 0 || chroot(".") < 0 || chdir("/") < 0)
		refuse("mount", "the image as root: %s", strerror(errno));
}

static struct sockaddr address(const char *text)
{
	struct sockaddr_in inet = { .sin_family = AF_INET };
	inet_pton(AF_INET, text, &inet.sin_addr);
	struct sockaddr plain;
	memcpy(&plain, &inet, sizeof plain);
	return plain;
}

static void bring_up(int fd, const char *name)
{
	struct ifreq request = { 0 };
	strcpy(request.ifr_name, name);
	request.ifr_flags = IFF_UP | IFF_RUNNING;
	if (ioctl(fd, SIOCSIFFLAGS, &request) < 0)
		refuse("network", "%s: %s", name, strerror(errno));
}

/* The addresses of QEMU's user network, which are the same in every guest. */
static void configure_network(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bring_up(fd, "lo");
	struct ifreq request = { 0 };
	strcpy(request.ifr_name, "eth0");
	request.ifr_addr = address("10.0.2.15");
	if (ioctl(fd, SIOCSIFADDR, &request) < 0)
		refuse("network", "eth0: %s", strerror(errno));
	request.ifr_netmask = address("255.255.255.0");
	ioctl(fd, SIOCSIFNETMASK, &request);
	bring_up(fd, "eth0");
	struct rtentry route = { .rt_flags = RTF_UP | RTF_GATEWAY };
	route.rt_dst = route.rt_genmask = address("0.0.0.0");
	route.rt_gateway = address("10.0.2.2");
	if (ioctl(fd, SIOCADDRT, &route) < 0)
		refuse("network", "the default route: %s", strerror(errno));
	close(fd);
}

/* What Docker puts into every container, so that an application finds the same around it. */
static void write_settings(void)
{
	char text[512];
	mkdir("/etc", 0755);
	unlink("/etc/resolv.conf"); /* often a dangling link */
	/* Without a server a name is refused at once; one that never answers would be waited for. */
	write_file("/etc/resolv.conf", 0, may_go_out ? "nameserver 10.0.2.3\n" : "");
	snprintf(text, sizeof text, "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n10.0.2.15\t%s\n", hostname);
	write_file("/etc/hosts", 0, text);
	snprintf(text, sizeof text, "%s\n", hostname);
	write_file("/etc/hostname", 0, text);
	sethostname(hostname, strlen(hostname));
	write_file("/proc/sys/net/ipv4/ip_unprivileged_port_start", 0, "0");
	write_file("/proc/sys/net/ipv4/ping_group_range", 0, "0 2147483647");
	struct rlimit files = { 1048576, 1048576 };
	setrlimit(RLIMIT_NOFILE, &files);
	struct rlimit processes = { RLIM_INFINITY, RLIM_INFINITY };
	setrlimit(RLIMIT_NPROC, &processes);
}

/* The kernel's settings as Docker leaves them to a container: to be read, or not even that. The application finds its limits where it looks. */
static void restrict_view(void)
{
	static const char *const fixed[] = { "/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger" };
	static const char *const hidden[] = { "/proc/acpi",	   "/proc/kcore",      "/proc/keys", "/proc/latency_stats", "/proc/scsi",
					      "/proc/sched_debug", "/proc/timer_list", "/sys/firmware" };
	unsigned long sealed = MS_NOSUID | MS_NODEV | MS_NOEXEC;
	if (mount("cgroup", "/sys/fs/cgroup", "cgroup2", sealed | MS_RDONLY, NULL) < 0 ||
	    mount(NULL, "/sys", NULL, MS_BIND | MS_REMOUNT | MS_RDONLY | sealed, NULL) < 0)
		refuse("mount", "/sys: %s", strerror(errno));
	for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
		if (!access(fixed[i], F_OK) && (mount(fixed[i], fixed[i], NULL, MS_BIND | MS_REC, NULL) < 0 ||
						mount(NULL, fixed[i], NULL, MS_BIND | MS_REMOUNT | MS_RDONLY | sealed, NULL) < 0))
			refuse("mount", "%s: %s", fixed[i], strerror(errno));
	for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++) {
		struct stat found;
		if (stat(hidden[i], &found) < 0)
			continue;
		if (S_ISDIR(found.st_mode) ? mount("tmpfs", hidden[i], "tmpfs", MS_RDONLY, "size=0") < 0 :
					     mount("/dev/null", hidden[i], NULL, MS_BIND, NULL) < 0)
			refuse("mount", "%s: %s", hidden[i], strerror(errno));
	}
}

/* --- users: the rules of Docker (moby/user, GetExecUser) ----------------------------------------------------- */

static uid_t run_uid;
static gid_t run_gid, run_groups[most_groups];
static int group_count;

static int is_number(const char *text, long *number)
{
	char *end;
	errno = 0;
	*number = strtol(text, &end, 10);
	return *text && !*end && !errno;
}

/* Splits one line of passwd or group at its colons; missing fields are empty. */
static void split_fields(char *line, char *fields[], int count)
{
	for (int i = 0; i < count; i++) {
		char *colon = line ? strchr(line, ':') : NULL;
		if (colon)
			*colon++ = 0;
		fields[i] = line ? line : (char *)"";
		line = colon;
	}
}

static int lists(char *members, const char *name)
{
	for (char *member = strtok(members, ","); member; member = strtok(NULL, ","))
		if (!strcmp(member, name))
			return 1;
	return 0;
}

/* Sets uid, gid and HOME from the user's entry; answers with its name, or NULL when there is none. */
static char *find_user(const char *wanted, const char **home)
{
	long number = 0;
	int numeric = !*wanted || is_number(wanted, &number);
	char *rest = read_file("/etc/passwd", NULL), *line;
	while (rest && (line = strsep(&rest, "\n"))) {
		char *fields[7];
		long uid, gid;
		split_fields(line, fields, 7);
		if (!is_number(fields[2], &uid) || !is_number(fields[3], &gid))
			continue;
		if (numeric ? uid != number : strcmp(fields[0], wanted))
			continue;
		run_uid = (uid_t)uid;
		run_gid = (gid_t)gid;
		if (*fields[5])
			*home = fields[5];
		return fields[0];
	}
	if (!numeric)
		refuse("unknown-user", "%s", wanted);
	if (number < 0 || number > INT_MAX)
		refuse("unknown-user", "%s", wanted);
	run_uid = (uid_t)number;
	return NULL;
}

static void find_groups(const char *wanted, const char *name)
{
	long number = 0;
	int numeric = is_number(wanted, &number), found = 0;
	char *rest = read_file("/etc/group", NULL), *line;
	while (rest && (line = strsep(&rest, "\n"))) {
		char *fields[4];
		long gid;
		split_fields(line, fields, 4);
		if (!is_number(fields[2], &gid))
			continue;
		if (*wanted) {
			if (!found && (numeric ? gid == number : !strcmp(fields[0], wanted))) {
				run_gid = (gid_t)gid;
				found = 1;
			}
		} else if (name && lists(fields[3], name) && group_count < most_groups) {
			run_groups[group_count++] = (gid_t)gid;
		}
	}
	if (!*wanted || found)
		return;
	if (!numeric || number < 0 || number > INT_MAX)
		refuse("unknown-group", "%s", wanted);
	run_gid = (gid_t)number;
}

static void resolve_user(void)
{
	char wanted[256];
	snprintf(wanted, sizeof wanted, "%s", user);
	char *group = strchr(wanted, ':');
	if (group)
		*group++ = 0;
	const char *home = "/";
	char *name = find_user(wanted, &home);
	run_groups[group_count++] = 0; /* the primary group's place */
	find_groups(group ? group : "", name);
	run_groups[0] = run_gid;
	const char *set = environment_value("HOME");
	if (!set || !*set)
		set_environment_value("HOME", home);
}

/* --- the application ---------------------------------------------------------------------------------------- */

static pid_t application;
static int output[2];

/* Runs in the child. Answers only when nothing could be run, with errno telling why. */
static void execute(void)
{
	const char *name = arguments[0];
	if (strchr(name, '/')) {
		execve(name, arguments, environment);
		return;
	}
	int denied = 0;
	const char *path = environment_value("PATH");
	char *places = strdup(path ? path : ""), *place;
	while ((place = strsep(&places, ":"))) {
		char file[PATH_MAX];
		struct stat found;
		snprintf(file, sizeof file, "%s/%s", *place ? place : ".", name);
		if (stat(file, &found) < 0 || S_ISDIR(found.st_mode))
			continue;
		execve(file, arguments, environment);
		if (errno != EACCES)
			return;
		denied = 1;
	}
	errno = denied ? EACCES : ENOENT;
}

static void run_child(int report)
{
	const char *failed = "session";
	setsid();
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	int nothing = open("/dev/null", O_RDONLY);
	dup2(nothing, 0);
	dup2(output[1], 1);
	dup2(output[1], 2);
	if (nothing > 2)
		close(nothing);
	if (member >= 0 && limit_capabilities() < 0)
		failed = "user";
	else if (chdir(working_folder) < 0)
		failed = "working-folder";
	else if (setgroups((size_t)group_count, run_groups) < 0 || setgid(run_gid) < 0 || setuid(run_uid) < 0)
		failed = "user";
	else {
		execute();
		failed = errno == ENOENT ? "no-such-command" : "command";
	}
	dprintf(report, "%s %s: %s", failed, *failed == 'w' ? working_folder : arguments[0], strerror(errno));
	_exit(127);
}

static void start_application(void)
{
	if (argument_count == 0)
		refuse("no-such-command", "no command was given");
	if (make_folders(working_folder) < 0)
		refuse("working-folder", "%s: %s", working_folder, strerror(errno));
	int report[2];
	/* The image's program may open /dev/stdout by name: the pipe must then belong to its user. */
	if (pipe2(output, O_CLOEXEC) < 0 || pipe2(report, O_CLOEXEC) < 0 || fchown(output[0], run_uid, run_gid) < 0)
		refuse("command", "pipe: %s", strerror(errno));
	application = fork();
	if (application < 0)
		refuse("command", "fork: %s", strerror(errno));
	if (application == 0)
		run_child(report[1]);
	close(report[1]);
	char why[512];
	ssize_t length = read(report[0], why, sizeof why - 1);
	close(report[0]);
	if (length > 0) {
		why[length] = 0;
		char *text = strchr(why, ' ');
		*text++ = 0;
		refuse(why, "%s", text);
	}
	close(output[1]); /* the pipe ends when the application's last process does */
	fcntl(output[0], F_SETFL, O_NONBLOCK);
	say("exec");
}

/* Of several applications each line begins with a number and a blank; what is longer than the room for it is cut into several. */
static size_t unfinished; /* bytes of a line that has not ended yet */
static void print(const char *data, size_t length)
{
	static char line[4096];
	if (member < 0)
		return write_all(console, data, length);
	for (size_t i = 0; i < length; i++) {
		if (unfinished == 0)
			unfinished = (size_t)snprintf(line, sizeof line, "%d ", member);
		if (data[i] != '\n')
			line[unfinished++] = data[i];
		if (data[i] == '\n' || unfinished == sizeof line - 1) {
			line[unfinished++] = '\n';
			write_all(console, line, unfinished); /* one write, so that lines do not mix */
			unfinished = 0;
		}
	}
}

/* Copies what there is; answers 0 once the pipe has ended. */
static int relay(void)
{
	char data[4096];
	ssize_t got = read(output[0], data, sizeof data);
	if (got > 0)
		print(data, (size_t)got);
	return got != 0;
}

static int memory_events = -1; /* of its control group, where there are several applications */

static int killed_in_group(int events)
{
	char text[512];
	ssize_t length = pread(events, text, sizeof text - 1, 0);
	text[length > 0 ? length : 0] = 0;
	char *found = strstr(text, "oom_kill ");
	return found && atoi(found + 9) > 0;
}

static int killed_for_memory(void)
{
	if (memory_events >= 0)
		return killed_in_group(memory_events);
	char *counters = read_file("/proc/vmstat", NULL);
	char *found = counters ? strstr(counters, "\noom_kill ") : NULL;
	int killed = found && atoi(found + 10) > 0;
	free(counters);
	return killed;
}

static void end(int status)
{
	kill(-1, SIGKILL); /* as in a container, what it started ends with it */
	char data[4096];
	ssize_t got;
	while ((got = read(output[0], data, sizeof data)) > 0)
		print(data, (size_t)got);
	if (unfinished > 0)
		print("\n", 1); /* the end of a line that has none */
	if (member < 0)
		klogctl(8, NULL, 1);
	if (console >= 0)
		tcdrain(console);
	if (WIFEXITED(status))
		say("exit status %d", WEXITSTATUS(status));
	else if (WTERMSIG(status) == SIGKILL && killed_for_memory())
		say("exit memory");
	else
		say("exit signal %d", WTERMSIG(status));
	leave();
}

/* --- the agent ---------------------------------------------------------------------------------------------- */

static void tell_memory(void)
{
	static const char *const wanted[] = { "MemTotal", "MemFree",   "MemAvailable", "Cached",     "Buffers", "Slab",
					      "AnonPages", "Shmem", "KernelStack",  "PageTables", "Percpu" };
	char line[512] = "", *rest = read_file("/proc/meminfo", NULL), *at = rest, *entry;
	while (at && (entry = strsep(&at, "\n"))) {
		char name[64];
		unsigned long kib;
		if (sscanf(entry, "%63[^:]: %lu", name, &kib) != 2)
			continue;
		for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
			if (!strcmp(name, wanted[i]))
				snprintf(line + strlen(line), sizeof line - strlen(line), " %s=%lu", name, kib);
	}
	free(rest);
	say("meminfo%s", line);
}

static long now_ms(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static unsigned nibble(char digit)
{
	return (unsigned)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

/*
 * `EPOCH_NS HEX`: while the machine lay on disk its clock stood still, and its random numbers are those of every other that is resumed from
 * there. An emulator has translated none of this yet and the start waits for it: so there is no sscanf here and no printf.
 */
static void renew(const char *text)
{
	char *hex;
	long long ns = strtoll(text, &hex, 10);
	struct timespec time = { .tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000 };
	struct {
		struct rand_pool_info head;
		unsigned char bytes[32];
	} entropy = { 0 };
	if (*hex++ != ' ' || strlen(hex) != 2 * sizeof entropy.bytes || clock_settime(CLOCK_REALTIME, &time) < 0)
		return;
	for (size_t i = 0; i < sizeof entropy.bytes; i++)
		entropy.bytes[i] = (unsigned char)(nibble(hex[2 * i]) << 4 | nibble(hex[2 * i + 1]));
	entropy.head.buf_size = sizeof entropy.bytes;
	entropy.head.entropy_count = 8 * sizeof entropy.bytes;
	int fd = open("/dev/random", O_WRONLY | O_CLOEXEC);
	/* Without the second call the kernel would go on with the old key for up to a minute. */
	if (fd >= 0 && !ioctl(fd, RNDADDENTROPY, &entropy) && !ioctl(fd, RNDRESEEDCRNG))
		write_all(agent, "renewed\n", 8);
	close(fd);
}

static long stop_by; /* 0 while nobody asked */

static void obey(const char *command)
{
	if (!strcmp(command, "meminfo"))
		tell_memory();
	else if (!strncmp(command, "renew ", 6))
		renew(command + 6);
	else if (!strcmp(command, "poweroff") && !stop_by) {
		stop_by = now_ms() + polite_ms;
		kill(application, stop_signal);
	}
}

/* The next whole line that the agent was told, of what has come; NULL when there is none. */
static char *next_command(void)
{
	static char line[256], data[256];
	static size_t length;
	static ssize_t got, at;
	for (;;) {
		for (; at < got; at++) {
			if (data[at] != '\n') {
				if (length < sizeof line - 1)
					line[length++] = data[at];
				continue;
			}
			line[length] = 0;
			length = 0;
			at++;
			return line;
		}
		at = got = 0;
		struct pollfd more = { agent, POLLIN, 0 };
		if (poll(&more, 1, 0) <= 0)
			return NULL;
		got = read(agent, data, sizeof data);
		if (got <= 0)
			return NULL;
	}
}

static void hear(void)
{
	char *command;
	while ((command = next_command()))
		obey(command);
}

static void reap(int signals)
{
	struct signalfd_siginfo information;
	while (read(signals, &information, sizeof information) > 0)
		;
	int status;
	pid_t child;
	while ((child = waitpid(-1, &status, WNOHANG)) > 0)
		if (child == application)
			end(status);
}

static int watch_children(void)
{
	sigset_t child;
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	return signalfd(-1, &child, SFD_NONBLOCK | SFD_CLOEXEC);
}

static void attend(int signals)
{
	struct pollfd watched[] = { { signals, POLLIN, 0 }, { agent, POLLIN, 0 }, { output[0], POLLIN, 0 } };
	for (;;) {
		long left = stop_by ? stop_by - now_ms() : -1;
		if (stop_by && left <= 0) {
			kill(application, SIGKILL);
			stop_by = 0;
			left = -1;
		}
		if (poll(watched, 3, (int)left) < 0)
			continue;
		if (watched[2].revents && !relay())
			watched[2].fd = -1;
		if (watched[1].revents)
			hear();
		if (watched[0].revents)
			reap(signals);
	}
}

/* From the image to the application's end. */
__attribute__((noreturn)) static void run_application(void)
{
	enter_image();
	write_settings();
	configure_network();
	if (member >= 0)
		restrict_view();
	say("network");
	resolve_user();
	int signals = watch_children();
	start_application();
	attend(signals);
	abort();
}

/* --- several applications ----------------------------------------------------------------------------------- *
 * Each gets a control group with its limits, and namespaces for mounts, processes, names, IPC and the network, in which another process
 * of this program is PID 1: it does for its application what it does in a machine of its own, and talks to the first one instead of the
 * agent's line. The first one puts the application's number before what it passes on, and takes it off what it is told:
 *   waiting                                       it can be told to start them
 *   N start · N meminfo · N poweroff              is obeyed
 *   N network · N exec · N exit … · N meminfo Anon=KIB File=KIB Shmem=KIB Kernel=KIB      is said
 */

enum { most_members = 32 };

static struct member {
	char *config, *end;
	pid_t init;
	int line, events;
	int has_ended; /* it has said how */
	char said[1024];
	size_t length;
} members[most_members];
static int member_count;

/* Where what each application is told begins and ends; 0 when the configuration is that of only one. */
static int divide(char *config, size_t length)
{
	for (char *at = config; at < config + length; at += strlen(at) + 1) {
		if (!strncmp(at, "application=", 12)) {
			if (member_count == most_members)
				refuse("too-long", "more than %d applications", most_members);
			members[member_count++].config = at;
		}
		if (member_count > 0)
			members[member_count - 1].end = at + strlen(at) + 1;
	}
	return member_count;
}

__attribute__((format(printf, 2, 3))) static void set_in_group(const char *value, const char *format, ...)
{
	char path[128];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(path, sizeof path, format, arguments);
	va_end(arguments);
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, value, strlen(value)) < 0)
		refuse("control-group", "%s in %s: %s", value, path, strerror(errno));
	close(fd);
}

static const char *config_value(const struct member *one, const char *name)
{
	size_t length = strlen(name);
	for (char *at = one->config; at < one->end; at += strlen(at) + 1)
		if (!strncmp(at, name, length) && at[length] == '=')
			return at + length + 1;
	return NULL;
}

static void make_groups(void)
{
	mount_or_refuse("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
	mount_or_refuse("cgroup", "/cgroup", "cgroup2", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
	set_in_group("+memory +cpu", "/cgroup/cgroup.subtree_control");
	for (int i = 0; i < member_count; i++) {
		char path[64];
		snprintf(path, sizeof path, "/cgroup/%d", i);
		if (mkdir(path, 0755) < 0)
			refuse("control-group", "%s: %s", path, strerror(errno));
		const char *memory = config_value(&members[i], "memory"), *cpu = config_value(&members[i], "cpu");
		if (memory)
			set_in_group(memory, "/cgroup/%d/memory.max", i);
		if (cpu)
			set_in_group(cpu, "/cgroup/%d/cpu.max", i);
	}
}

/* The network card of that number becomes the other namespace's only one; which is why it needs neither bridge nor address translation. */
static void give_network(int number, pid_t to)
{
	struct {
		struct nlmsghdr head;
		struct ifinfomsg link;
		struct rtattr space_head;
		unsigned space;
		struct rtattr name_head;
		char name[8];
	} request = {
		.head = { sizeof request, RTM_NEWLINK, NLM_F_REQUEST | NLM_F_ACK, 1, 0 },
		.space_head = { RTA_LENGTH(sizeof(unsigned)), IFLA_NET_NS_PID },
		.space = (unsigned)to,
		.name_head = { RTA_LENGTH(8), IFLA_IFNAME },
		.name = "eth0",
	};
	struct {
		struct nlmsghdr head;
		struct nlmsgerr answer;
	} heard = { 0 };
	char name[IFNAMSIZ];
	snprintf(name, sizeof name, "eth%d", number);
	request.link.ifi_index = (int)if_nametoindex(name);
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (request.link.ifi_index == 0 || fd < 0 || send(fd, &request, sizeof request, 0) < 0 ||
	    recv(fd, &heard, sizeof heard, 0) < 0)
		refuse("network", "%s: %s", name, strerror(errno));
	if (heard.answer.error)
		refuse("network", "%s: %s", name, strerror(-heard.answer.error));
	close(fd);
}

/* In the child. What the others are told is none of its business, and neither are their lines. */
__attribute__((noreturn)) static void be_member(int number, int line, int events)
{
	member = number;
	memory_events = events;
	for (int i = 0; i < member_count; i++) {
		if (i != number)
			memset(members[i].config, 0, (size_t)(members[i].end - members[i].config));
		if (members[i].line >= 0)
			close(members[i].line);
	}
	char go;
	if (read(line, &go, 1) != 1)
		_exit(1);
	agent = line;
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 || umount2("/cgroup", MNT_DETACH) < 0 ||
	    umount2("/proc", MNT_DETACH) < 0 || syscall(SYS_unshare, CLONE_NEWCGROUP) < 0)
		refuse("namespace", "%s", strerror(errno));
	read_config(members[number].config, members[number].end);
	run_application();
}

static void start_member(int number, int signals)
{
	struct member *one = &members[number];
	int ends[2];
	char path[64];
	if (one->init)
		return;
	snprintf(path, sizeof path, "/cgroup/%d", number);
	int group = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	snprintf(path, sizeof path, "/cgroup/%d/memory.events", number);
	one->events = open(path, O_RDONLY | O_CLOEXEC);
	if (group < 0 || one->events < 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		refuse("control-group", "%s: %s", path, strerror(errno));
	struct clone_args how = {
		.flags = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWNET | CLONE_INTO_CGROUP,
		.exit_signal = SIGCHLD,
		.cgroup = (unsigned long long)group,
	};
	one->init = (pid_t)syscall(SYS_clone3, &how, sizeof how);
	if (one->init < 0)
		refuse("namespace", "%s", strerror(errno));
	if (one->init == 0) {
		close(agent);
		close(signals);
		close(group);
		close(ends[0]);
		be_member(number, ends[1], one->events);
	}
	close(group);
	close(ends[1]);
	one->line = ends[0];
	give_network(number, one->init);
	write_all(one->line, "\n", 1);
}

/* What its control group is charged for, which is its PID 1 as well. */
static void tell_charges(int number)
{
	static const char *const wanted[][2] = { { "anon", "Anon" }, { "file", "File" }, { "shmem", "Shmem" }, { "kernel", "Kernel" } };
	char path[64], line[512] = "";
	snprintf(path, sizeof path, "/cgroup/%d/memory.stat", number);
	char *rest = read_file(path, NULL), *at = rest, *entry;
	while (at && (entry = strsep(&at, "\n"))) {
		char name[64];
		unsigned long long bytes;
		if (sscanf(entry, "%63s %llu", name, &bytes) != 2)
			continue;
		for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
			if (!strcmp(name, wanted[i][0]))
				snprintf(line + strlen(line), sizeof line - strlen(line), " %s=%llu", wanted[i][1], bytes / 1024);
	}
	free(rest);
	say("%d meminfo%s", number, line);
}

static void tell_member(int number, const char *command, int signals)
{
	struct member *one = &members[number];
	if (!strcmp(command, "start"))
		start_member(number, signals);
	else if (!strcmp(command, "meminfo"))
		tell_charges(number);
	else if (one->line >= 0)
		dprintf(one->line, "%s\n", command);
}

static int members_running(void)
{
	int running = 0;
	for (int i = 0; i < member_count; i++)
		running += members[i].line >= 0;
	return running;
}

static void obey_machine(const char *command, int signals)
{
	char *rest;
	long number = strtol(command, &rest, 10);
	if (rest != command && *rest == ' ' && number >= 0 && number < member_count) {
		tell_member((int)number, rest + 1, signals);
	} else if (!strcmp(command, "meminfo")) {
		tell_memory();
	} else if (!strcmp(command, "poweroff")) {
		stop_by = 1; /* each of them is given its time by its own PID 1 */
		for (int i = 0; i < member_count; i++)
			tell_member(i, command, signals);
	}
}

/* Passes on whole lines; answers 0 once there will be none any more. */
static int hear_member(int number)
{
	struct member *one = &members[number];
	char data[512];
	ssize_t got = read(one->line, data, sizeof data);
	for (ssize_t i = 0; i < got; i++) {
		if (data[i] != '\n') {
			if (one->length < sizeof one->said - 1)
				one->said[one->length++] = data[i];
			continue;
		}
		one->said[one->length] = 0;
		one->length = 0;
		one->has_ended |= !strncmp(one->said, "exit ", 5) || !strncmp(one->said, "refused ", 8);
		say("%d %s", number, one->said);
	}
	return got > 0;
}

/* Its PID 1 is gone, and so is everything that it had. */
static void end_member(int number, int status)
{
	struct member *one = &members[number];
	while (hear_member(number))
		;
	close(one->line);
	one->line = -1;
	if (!one->has_ended)
		say("%d exit %s", number, WIFSIGNALED(status) && killed_in_group(one->events) ? "memory" : "signal 9");
	close(one->events);
}

static void reap_members(int signals)
{
	struct signalfd_siginfo information;
	while (read(signals, &information, sizeof information) > 0)
		;
	int status;
	pid_t child;
	while ((child = waitpid(-1, &status, WNOHANG)) > 0)
		for (int i = 0; i < member_count; i++)
			if (members[i].init == child)
				end_member(i, status);
}

__attribute__((noreturn)) static void share_machine(void)
{
	make_groups();
	for (int i = 0; i < member_count; i++)
		members[i].line = -1;
	int signals = watch_children();
	say("waiting");
	for (;;) {
		struct pollfd watched[2 + most_members] = { { signals, POLLIN, 0 }, { agent, POLLIN, 0 } };
		for (int i = 0; i < member_count; i++)
			watched[2 + i] = (struct pollfd){ members[i].line, POLLIN, 0 }; /* below 0 it is passed over */
		if (stop_by && !members_running())
			leave();
		if (poll(watched, (nfds_t)(2 + member_count), -1) < 0)
			continue;
		for (int i = 0; i < member_count; i++)
			if (watched[2 + i].revents & POLLIN)
				hear_member(i);
		if (watched[1].revents) {
			char *command;
			while ((command = next_command()))
				obey_machine(command, signals);
		}
		if (watched[0].revents)
			reap_members(signals);
	}
}

int main(void)
{
	umask(022);
	signal(SIGPIPE, SIG_IGN);
	mkdir("/dev", 0755);
	mount("dev", "/dev", "devtmpfs", 0, NULL);
	console = open_either("/dev/ttyAMA0", "/dev/ttyS0");
	agent = open_either("/dev/ttyAMA1", "/dev/ttyS1");
	say("init");
	size_t length;
	char *config = open_config(&length);
	load_modules();
	if (divide(config, length) > 0)
		share_machine();
	read_config(config, config + length);
	run_application();
}
