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
 * What to run stands in /tare.config of the initramfs: NUL-ended KEY=VALUE.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <linux/random.h>
#include <net/if.h>
#include <net/route.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/klog.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum { longest_list = 4096, most_groups = 256, polite_ms = 800 };

static int agent = -1, console = -1;

/* --- saying things ------------------------------------------------------------------------------------------ */

static void write_all(int fd, const char *data, size_t length)
{
	while (length > 0) {
		ssize_t written = write(fd, data, length);
		if (written < 0 && errno != EINTR)
			return;
		if (written > 0) {
			data += written;
			length -= (size_t)written;
		}
	}
}

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
	size_t used = 0, room = 8192;
	char *data = malloc(room);
	ssize_t got;
	while (data && (got = read(fd, data + used, room - used - 1)) > 0) {
		used += (size_t)got;
		if (room - used < 4096)
			data = realloc(data, room *= 2);
	}
	close(fd);
	if (!data)
		return NULL;
	data[used] = 0;
	if (length)
		*length = used;
	return data;
}

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0)
		return;
	write_all(fd, text, strlen(text));
	close(fd);
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
static const char *working_folder = "/", *user = "", *hostname = "tare", *image_type = "erofs";
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

static void read_config(void)
{
	size_t length;
	char *config = read_file("/tare.config", &length);
	if (!config)
		refuse("config", "the initrd holds no /tare.config");
	set_environment_value("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
	set_environment_value("HOSTNAME", "tare");
	for (char *at = config; at < config + length; at += strlen(at) + 1) {
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
		} else if (!strcmp(at, "network=outgoing")) {
			may_go_out = 1;
		} else if (!strncmp(at, "stop=", 5)) {
			stop_signal = atoi(value);
		} else if (!strncmp(at, "hostname=", 9)) {
			hostname = value;
			set_environment_value("HOSTNAME", value);
		}
	}
	unlink("/tare.config");
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

/* devtmpfs makes the nodes; the links are what programs expect beside them. */
static void mount_devices(const char *root)
{
	char path[64];
	snprintf(path, sizeof path, "%s/dev", root);
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

static void load_modules(void)
{
	char *order = read_file("/modules/order", NULL);
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

/* To /lower, unless it lies there already because it came with the initramfs. */
static void mount_image(void)
{
	if (!strcmp(image_type, "initramfs"))
		return;
	for (int tries = 0; access("/dev/vda", F_OK) < 0; tries++) {
		if (tries == 1000)
			refuse("mount", "the disk /dev/vda did not appear");
		usleep(2000);
	}
	mount_or_refuse("/dev/vda", "/lower", image_type, MS_RDONLY, NULL);
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
	write_file("/etc/resolv.conf", may_go_out ? "nameserver 10.0.2.3\n" : "");
	snprintf(text, sizeof text, "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n10.0.2.15\t%s\n", hostname);
	write_file("/etc/hosts", text);
	snprintf(text, sizeof text, "%s\n", hostname);
	write_file("/etc/hostname", text);
	sethostname(hostname, strlen(hostname));
	write_file("/proc/sys/net/ipv4/ip_unprivileged_port_start", "0");
	write_file("/proc/sys/net/ipv4/ping_group_range", "0 2147483647");
	struct rlimit files = { 1048576, 1048576 };
	setrlimit(RLIMIT_NOFILE, &files);
	struct rlimit processes = { RLIM_INFINITY, RLIM_INFINITY };
	setrlimit(RLIMIT_NPROC, &processes);
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
	if (chdir(working_folder) < 0)
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

/* Copies what there is; answers 0 once the pipe has ended. */
static int relay(void)
{
	char data[4096];
	ssize_t got = read(output[0], data, sizeof data);
	if (got > 0)
		write_all(console, data, (size_t)got);
	return got != 0;
}

static int killed_for_memory(void)
{
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
		write_all(console, data, (size_t)got);
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

static void hear(void)
{
	static char line[256];
	static size_t length;
	char data[256];
	ssize_t got = read(agent, data, sizeof data);
	for (ssize_t i = 0; i < got; i++) {
		if (data[i] != '\n') {
			if (length < sizeof line - 1)
				line[length++] = data[i];
			continue;
		}
		line[length] = 0;
		length = 0;
		obey(line);
	}
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

int main(void)
{
	umask(022);
	signal(SIGPIPE, SIG_IGN);
	mkdir("/dev", 0755);
	mount("dev", "/dev", "devtmpfs", 0, NULL);
	console = open_either("/dev/ttyAMA0", "/dev/ttyS0");
	agent = open_either("/dev/ttyAMA1", "/dev/ttyS1");
	say("init");
	read_config();
	load_modules();
	enter_image();
	write_settings();
	configure_network();
	say("network");
	resolve_user();
	sigset_t child;
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	int signals = signalfd(-1, &child, SFD_NONBLOCK | SFD_CLOEXEC);
	start_application();
	attend(signals);
}
