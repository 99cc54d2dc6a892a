/*
 * Leads connections to ports of the loopback interface of the machine that a container engine runs on, where containers publish theirs:
 * the program of a container in that machine's network (--network=host). It listens to nothing and reaches nothing else.
 *
 * Frames on standard input and output: number of the connection (4 bytes), kind (1), length of the content (3), both big-endian; content.
 *   o  open: the content is the port, 2 bytes; it answers so once that is done     d  data     e  no more data from that side
 *   r  the connection is gone
 * It ends when its input does. A client of the engine's API may send a body before the first frame: all up to the first zero byte
 * of eight is passed over.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { header = 8, most_content = 64 * 1024, most_connections = 1024 };

static struct connection {
  uint32_t number;
  int socket;
  int is_read, is_written; /* each direction is over */
} connections[most_connections];
static int count;

/* All or nothing: a blocking descriptor takes it in pieces. */
static int put(int file, const unsigned char *bytes, size_t length) {
  while (length > 0) {
    ssize_t written = write(file, bytes, length);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return -1;
    bytes += written;
    length -= (size_t)written;
  }
  return 0;
}

static void tell(uint32_t number, char kind, const unsigned char *content, size_t length) {
  static unsigned char frame[header + most_content];
  uint32_t order = htonl(number);
  memcpy(frame, &order, 4);
  frame[4] = (unsigned char)kind;
  frame[5] = (unsigned char)(length >> 16);
  frame[6] = (unsigned char)(length >> 8);
  frame[7] = (unsigned char)length;
  if (length) memcpy(frame + header, content, length);
  if (put(STDOUT_FILENO, frame, header + length) != 0) exit(1);
}

static struct connection *find(uint32_t number) {
  for (int at = 0; at < count; at++)
    if (connections[at].number == number) return &connections[at];
  return NULL;
}

static void drop(struct connection *one) {
  close(one->socket);
  *one = connections[--count];
}

static void open_port(uint32_t number, uint16_t port) {
  struct sockaddr_in place = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
  int file = count < most_connections ? socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) : -1;
  if (file < 0 || connect(file, (struct sockaddr *)&place, sizeof place) != 0) {
    if (file >= 0) close(file);
    tell(number, 'r', NULL, 0);
    return;
  }
  connections[count++] = (struct connection){number, file, 0, 0};
  tell(number, 'o', NULL, 0);
}

static void drop_if_over(struct connection *one) {
  if (one->is_read && one->is_written) drop(one);
}

/* What is sent to an application is small, as probes and requests are: it is waited for until the application takes it. */
static void take(uint32_t number, char kind, const unsigned char *content, size_t length) {
  if (kind == 'o' && length == 2) {
    open_port(number, (uint16_t)(content[0] << 8 | content[1]));
    return;
  }
  struct connection *one = find(number);
  if (!one) return; /* gone meanwhile */
  if (kind == 'd' && !one->is_written) {
    size_t done = 0;
    while (done < length) {
      ssize_t sent = send(one->socket, content + done, length - done, MSG_NOSIGNAL);
      if (sent < 0 && errno == EINTR) continue;
      if (sent < 0) {
        tell(number, 'r', NULL, 0);
        drop(one);
        return;
      }
      done += (size_t)sent;
    }
  } else if (kind == 'e') {
    shutdown(one->socket, SHUT_WR);
    one->is_written = 1;
    drop_if_over(one);
  } else if (kind == 'r') {
    drop(one);
  }
}

static void hear(struct connection *one) {
  static unsigned char content[most_content];
  ssize_t length = recv(one->socket, content, sizeof content, 0);
  if (length > 0) {
    tell(one->number, 'd', content, (size_t)length);
  } else if (length == 0) {
    tell(one->number, 'e', NULL, 0);
    one->is_read = 1;
    drop_if_over(one);
  } else if (errno != EINTR) {
    tell(one->number, 'r', NULL, 0);
    drop(one);
  }
}

/* Eight zero bytes begin the conversation. */
static int zeros;

static size_t pass_over(const unsigned char *bytes, size_t length) {
  size_t at = 0;
  for (; at < length && zeros < header; at++) zeros = bytes[at] == 0 ? zeros + 1 : 0;
  return at;
}

static void listen_to_client(void) {
  static unsigned char asked[2 * (header + most_content)];
  static size_t kept;
  ssize_t got = read(STDIN_FILENO, asked + kept, sizeof asked - kept);
  if (got < 0 && errno == EINTR) return;
  if (got <= 0) exit(0);
  kept += (size_t)got;
  size_t at = zeros < header ? pass_over(asked, kept) : 0;
  while (kept - at >= header) {
    const unsigned char *frame = asked + at;
    size_t length = (size_t)frame[5] << 16 | (size_t)frame[6] << 8 | frame[7];
    if (length > most_content) exit(2);
    if (kept - at < header + length) break;
    uint32_t order;
    memcpy(&order, frame, 4);
    take(ntohl(order), (char)frame[4], frame + header, length);
    at += header + length;
  }
  memmove(asked, asked + at, kept - at);
  kept -= at;
}

int main(void) {
  static struct pollfd watched[most_connections + 1];
  for (;;) {
    watched[0] = (struct pollfd){.fd = STDIN_FILENO, .events = POLLIN};
    for (int at = 0; at < count; at++)
      watched[at + 1] = (struct pollfd){.fd = connections[at].is_read ? -1 : connections[at].socket, .events = POLLIN};
    int all = count;
    if (poll(watched, (nfds_t)all + 1, -1) < 0) {
      if (errno == EINTR) continue;
      return 1;
    }
    /* From the last: one that is dropped is replaced by one that has been heard already. */
    for (int at = all - 1; at >= 0; at--)
      if (watched[at + 1].revents) hear(&connections[at]);
    if (watched[0].revents) listen_to_client();
  }
}
