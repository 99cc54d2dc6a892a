/*
 * Drops files from the page cache of the computer it runs on: what a start reads has to come from the disk again. Static, part of the
 * guest kit, run by Tare itself before a start that is to be cold.
 *   pagecache PATH …
 * A PATH is a file, or a folder of which every regular file on the same file system is meant; one with several names counts once.
 * Prints one line, in bytes: how large the files are, what of them was in the page cache, and what still is. The kernel keeps a page
 * that some process maps, and one that it could not write to the disk; a file of tmpfs has no other place to be.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* as much of a file as is looked at in one go */
#define WINDOW ((off_t)1 << 30)
enum { smallest_page = 4096, open_folders = 64 };

static unsigned long long all, before, after;

__attribute__((noreturn)) static void fail(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(1);
}

/* What of an open file is in the page cache, in bytes; as mincore(2) tells it. */
static unsigned long long cached(int fd, off_t size, const char *path)
{
	static unsigned char pages[WINDOW / smallest_page];
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	unsigned long long bytes = 0;
	for (off_t at = 0; at < size; at += WINDOW) {
		size_t length = (size_t)(size - at < WINDOW ? size - at : WINDOW);
		void *mapped = mmap(NULL, length, PROT_READ, MAP_SHARED, fd, at);
		if (mapped == MAP_FAILED || mincore(mapped, length, pages) < 0)
			fail(path);
		for (size_t i = 0; i * page < length; i++)
			if (pages[i] & 1)
				bytes += length - i * page < page ? length - i * page : page;
		munmap(mapped, length);
	}
	return bytes;
}

struct file {
	dev_t device;
	ino_t number;
};

static int by_number(const void *one, const void *other)
{
	const struct file *a = one, *b = other;
	if (a->device != b->device)
		return a->device < b->device ? -1 : 1;
	return a->number == b->number ? 0 : a->number < b->number ? -1 : 1;
}

/* Whether a file that has several names was met under another one. */
static int is_known(const struct stat *found)
{
	static void *known;
	if (found->st_nlink < 2)
		return 0;
	struct file *file = malloc(sizeof *file);
	if (!file)
		fail("memory");
	*file = (struct file){ found->st_dev, found->st_ino };
	struct file **kept = tsearch(file, &known, by_number);
	if (!kept)
		fail("memory");
	if (*kept == file)
		return 0;
	free(file);
	return 1;
}

static int drop(const char *path, const struct stat *unused, int type, struct FTW *place)
{
	(void)unused;
	(void)place;
	if (type == FTW_DNR || type == FTW_NS) {
		errno = EACCES;
		fail(path);
	}
	if (type != FTW_F)
		return 0;
	/* The files are an image's: whatever is no file, such as a pipe, is neither waited for nor touched. */
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOATIME | O_CLOEXEC);
	struct stat found;
	if (fd < 0) {
		if (errno == ELOOP || errno == ENXIO || errno == ENOENT)
			return 0;
		fail(path);
	}
	if (fstat(fd, &found) < 0)
		fail(path);
	if (S_ISREG(found.st_mode) && found.st_size > 0 && !is_known(&found)) {
		all += (unsigned long long)found.st_size;
		before += cached(fd, found.st_size, path);
		/* only a page that is on the disk can be dropped */
		sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER);
		posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
		after += cached(fd, found.st_size, path);
	}
	close(fd);
	return 0;
}

int main(int count, char *paths[])
{
	for (int i = 1; i < count; i++) {
		char *path = realpath(paths[i], NULL);
		if (!path || nftw(path, drop, open_folders, FTW_PHYS | FTW_MOUNT) != 0)
			fail(paths[i]);
		free(path);
	}
	printf("%llu %llu %llu\n", all, before, after);
	return 0;
}
