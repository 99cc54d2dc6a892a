/*
 * Reads /proc, /sys and control groups of the machine that a container engine runs on, for a Tare on another machine: the only program
 * of a container that sees that machine's processes (--pid=host). It understands nothing of what it reads, and writes nothing.
 *
 * One request a line on standard input; one answer each, in order, on standard output. It ends when its input does.
 *   read PATH        the file's bytes
 *   folders PATH     the names of the folders in a folder, a line each
 * An answer is `ok LENGTH` and a line feed, then so many bytes; or `error CODE`, the system's name for what went wrong.
 * The first line of its output is `tare-reader 1`. A line that is no request is passed over without an answer: some clients of the
 * engine's API send a body with the request that opens the stream, and it ends up here.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

enum { longest_line = 4096, most_bytes = 32 * 1024 * 1024, read_bytes = 64 * 1024 };

/* What has been read of one file or folder. */
static char *content;
static size_t length, room;

static int append(const char *bytes, size_t count) {
  if (count > most_bytes - length) return EFBIG;
  if (length + count > room) {
    size_t wanted = room ? room : read_bytes;
    while (wanted < length + count) wanted *= 2;
    char *larger = realloc(content, wanted);
    if (!larger) return ENOMEM;
    content = larger;
    room = wanted;
  }
  memcpy(content + length, bytes, count);
  length += count;
  return 0;
}

/* Files that show what processes keep in memory, or wait for the kernel's next message. */
static int is_secret(const char *path) {
  static const char *const names[] = {"environ", "mem", "kmsg", "kcore", "pagemap", "clear_refs"};
  const char *name = strrchr(path, '/') + 1;
  for (size_t at = 0; at < sizeof names / sizeof *names; at++)
    if (strcmp(name, names[at]) == 0) return 1;
  return 0;
}

static int is_below(const char *path, const char *folder) {
  size_t count = strlen(folder);
  return strncmp(path, folder, count) == 0 && (path[count] == '/' || path[count] == '\0');
}

/* The file systems that the kernel itself writes, by linux/magic.h; version 1 of control groups is mounted below a tmpfs. */
static int is_of_the_kernel(int file, int is_folder) {
  struct statfs system;
  if (fstatfs(file, &system) != 0) return 0;
  switch ((unsigned long)system.f_type) {
    case 0x9fa0: /* proc */
    case 0x62656572: /* sysfs */
    case 0x27e0eb: /* cgroup */
    case 0x63677270: /* cgroup2 */
      return 1;
    case 0x01021994: /* tmpfs */
      return is_folder;
    default:
      return 0;
  }
}

/* Links of /proc that lead into other processes' files (root, cwd, exe, fd) are refused by the kernel (RESOLVE_NO_MAGICLINKS). */
static int open_file(const char *path, int is_folder, int *file) {
  if ((!is_below(path, "/proc") && !is_below(path, "/sys")) || strstr(path, "/..") || is_secret(path)) return EACCES;
  struct open_how how = {
    .flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | (is_folder ? O_DIRECTORY : 0),
    .resolve = RESOLVE_NO_MAGICLINKS,
  };
  *file = (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how);
  if (*file < 0) return errno;
  struct stat found;
  if (is_of_the_kernel(*file, is_folder) && fstat(*file, &found) == 0 && (is_folder || S_ISREG(found.st_mode))) return 0;
  close(*file);
  return EACCES;
}

static int read_file(const char *path) {
  static char piece[read_bytes];
  int file, error = open_file(path, 0, &file);
  if (error) return error;
  for (;;) {
    ssize_t count = read(file, piece, sizeof piece);
    if (count < 0) error = errno;
    if (count <= 0 || (error = append(piece, (size_t)count)) != 0) break;
  }
  close(file);
  return error;
}

static int list_folders(const char *path) {
  int file, error = open_file(path, 1, &file);
  if (error) return error;
  DIR *folder = fdopendir(file);
  if (!folder) {
    error = errno;
    close(file);
    return error;
  }
  for (struct dirent *entry; !error && (errno = 0, entry = readdir(folder)); ) {
    if (entry->d_type != DT_DIR || entry->d_name[0] == '.') continue;
    error = append(entry->d_name, strlen(entry->d_name));
    if (!error) error = append("\n", 1);
  }
  if (!error) error = errno;
  closedir(folder);
  return error;
}

static void answer(char *line) {
  int error;
  length = 0;
  if (strncmp(line, "read ", 5) == 0) error = read_file(line + 5);
  else if (strncmp(line, "folders ", 8) == 0) error = list_folders(line + 8);
  else return;
  if (error) {
    const char *name = strerrorname_np(error);
    printf("error %s\n", name ? name : "EIO");
  } else {
    printf("ok %zu\n", length);
    fwrite(content, 1, length, stdout);
  }
}

/* What is asked in one piece is answered in one. */
int main(void) {
  static char asked[16 * longest_line];
  size_t kept = 0;
  puts("tare-reader 1");
  for (;;) {
    if (fflush(stdout) != 0) return 1;
    ssize_t count = read(STDIN_FILENO, asked + kept, sizeof asked - kept);
    if (count <= 0) return 0;
    kept += (size_t)count;
    char *line = asked;
    for (char *end; (end = memchr(line, '\n', kept)) != NULL; line = end + 1) {
      kept -= (size_t)(end + 1 - line);
      *end = '\0';
      answer(line);
    }
    memmove(asked, line, kept);
    if (kept >= longest_line) return 2; /* no line of ours is as long */
  }
}
