/* What the programs of the kit do alike. Each of them is one file, which includes this one after _GNU_SOURCE is defined. */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

/* All of it, unless nobody can take it any more. */
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

/* The whole of an open file with a NUL after it, or NULL where there is no memory for it. */
static char *read_all(int fd, size_t *length)
{
	size_t used = 0, room = 8192;
	char *data = malloc(room);
	ssize_t got;
	while (data && (got = read(fd, data + used, room - used - 1)) > 0) {
		used += (size_t)got;
		if (room - used < 4096)
			data = realloc(data, room *= 2);
	}
	if (!data)
		return NULL;
	data[used] = 0;
	if (length)
		*length = used;
	return data;
}

/* A file that cannot be written is left as it is. `flags`: more than those for writing it anew. */
static void write_file(const char *path, int flags, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | flags, 0644);
	if (fd < 0)
		return;
	write_all(fd, text, strlen(text));
	close(fd);
}

/*
 * Leaves this process, and what it starts, the capabilities that Docker leaves to a container's root, but for MKNOD: no device rules of
 * a control group stand before a machine's disks, and no user namespace has it. Answers 0, or -1 with errno.
 */
static int limit_capabilities(void)
{
	static const unsigned long long kept = 1ULL << CAP_CHOWN | 1ULL << CAP_DAC_OVERRIDE | 1ULL << CAP_FOWNER | 1ULL << CAP_FSETID |
					       1ULL << CAP_KILL | 1ULL << CAP_SETGID | 1ULL << CAP_SETUID | 1ULL << CAP_SETPCAP |
					       1ULL << CAP_NET_BIND_SERVICE | 1ULL << CAP_NET_RAW | 1ULL << CAP_SYS_CHROOT |
					       1ULL << CAP_AUDIT_WRITE | 1ULL << CAP_SETFCAP;
	/* it can be read for as many as the kernel knows */
	for (unsigned long one = 0; one < 64 && prctl(PR_CAPBSET_READ, one, 0, 0, 0) >= 0; one++)
		if (!(kept >> one & 1) && prctl(PR_CAPBSET_DROP, one, 0, 0, 0) < 0)
			return -1;
	return 0;
}
