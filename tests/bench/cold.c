/* A route's program from the outside, spoken to in FastCGI records.
 *   cold starts PROGRAM SOCKET COUNT           exec to first answer, the request already waiting:
 *                                              prints "p50 p90 slowest", in ms
 *   cold memory PROGRAM SOCKET WORKERS COUNT   PSS after COUNT requests for each worker: prints
 *                                              "worker … worker parent", in KiB
 * BENCH_TOKEN: the bearer token of a GET. */
#include <errno.h>
#include <fastcgi.h>
#include <fcntl.h>
#include <glib.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_WORKERS 64

static void
die(const char *what)
{
  fprintf(stderr, "cold: %s: %s\n", what, g_strerror(errno));
  exit(1);
}

/* ---- FastCGI -------------------------------------------------------------------------------- */

static void
append_record(GByteArray *out, int type, const void *content, gsize length)
{
  FCGI_Header header = {.version = FCGI_VERSION_1,
                        .type = (unsigned char)type,
                        .requestIdB0 = 1,
                        .contentLengthB1 = (unsigned char)(length >> 8),
                        .contentLengthB0 = (unsigned char)length};
  g_byte_array_append(out, (const guint8 *)&header, sizeof header);
  g_byte_array_append(out, content, (guint)length);
}

static void
append_length(GByteArray *out, gsize length)
{
  guint8 bytes[] = {(guint8)(length >> 24 | 0x80), (guint8)(length >> 16), (guint8)(length >> 8),
                    (guint8)length};
  g_byte_array_append(out, length < 128 ? bytes + 3 : bytes, length < 128 ? 1 : 4);
}

static void
append_param(GByteArray *out, const char *name, const char *value)
{
  append_length(out, strlen(name));
  append_length(out, strlen(value));
  g_byte_array_append(out, (const guint8 *)name, (guint)strlen(name));
  g_byte_array_append(out, (const guint8 *)value, (guint)strlen(value));
}

/* Everything but the records that end the parameters and the body. */
static GByteArray *
request_begin(void)
{
  g_autoptr(GByteArray) params = g_byte_array_new();
  g_autofree char *bearer = g_strconcat("Bearer ", getenv("BENCH_TOKEN"), NULL);
  FCGI_BeginRequestBody begin = {.roleB0 = FCGI_RESPONDER, .flags = FCGI_KEEP_CONN};
  GByteArray *out = g_byte_array_new();
  append_param(params, "REQUEST_METHOD", "GET");
  append_param(params, "REQUEST_URI", "/api/fin/erp/sync");
  append_param(params, "QUERY_STRING", "");
  append_param(params, "CONTENT_LENGTH", "");
  append_param(params, "HTTP_AUTHORIZATION", bearer);
  append_record(out, FCGI_BEGIN_REQUEST, &begin, sizeof begin);
  append_record(out, FCGI_PARAMS, params->data, params->len);
  return out;
}

static GByteArray *
request_end(void)
{
  GByteArray *out = g_byte_array_new();
  append_record(out, FCGI_PARAMS, "", 0);
  append_record(out, FCGI_STDIN, "", 0);
  return out;
}

static void
send_all(int fd, const GByteArray *bytes)
{
  if (write(fd, bytes->data, bytes->len) != (ssize_t)bytes->len)
    die("write");
}

static void
receive(int fd, void *into, gsize length)
{
  for (gsize got = 0; got < length;) {
    ssize_t n = read(fd, (char *)into + got, length - got);
    if (n <= 0)
      die("the program closed the connection");
    got += (gsize)n;
  }
}

/* Reads up to the end of the answer, which must be a 200. */
static void
receive_answer(int fd)
{
  g_autoptr(GString) text = g_string_new(NULL);
  for (;;) {
    FCGI_Header header;
    char content[65536 + 256];
    receive(fd, &header, sizeof header);
    gsize length = (gsize)header.contentLengthB1 << 8 | header.contentLengthB0;
    receive(fd, content, length + header.paddingLength);
    if (header.type == FCGI_STDOUT)
      g_string_append_len(text, content, (gssize)length);
    if (header.type == FCGI_END_REQUEST)
      break;
  }
  close(fd);
  if (!g_str_has_prefix(text->str, "Status: 200")) {
    fprintf(stderr, "cold: not a 200: %s\n", text->str);
    exit(1);
  }
}

/* ---- the program ---------------------------------------------------------------------------- */

static struct sockaddr_un
address_of(const char *path)
{
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  g_strlcpy(address.sun_path, path, sizeof address.sun_path);
  return address;
}

static int
listen_at(const char *path)
{
  struct sockaddr_un address = address_of(path);
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  unlink(path);
  if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(fd, 64) != 0)
    die(path);
  return fd;
}

static int
connect_to(const char *path)
{
  struct sockaddr_un address = address_of(path);
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0)
    die(path);
  return fd;
}

/* Starts the program on a listening socket, as systemd would. */
static pid_t
start(const char *program, int listening)
{
  pid_t pid = fork();
  if (pid != 0)
    return pid;
  int null = open("/dev/null", O_WRONLY);
  dup2(listening, STDIN_FILENO);
  dup2(null, STDERR_FILENO);
  execl(program, program, (char *)NULL);
  _exit(127);
}

static void
stop(pid_t pid)
{
  kill(pid, SIGTERM);
  waitpid(pid, NULL, 0);
}

/* ---- starts --------------------------------------------------------------------------------- */

static double
time_start(const char *program, const char *path)
{
  g_autoptr(GByteArray) begin = request_begin();
  g_autoptr(GByteArray) end = request_end();
  int listening = listen_at(path), client = connect_to(path);
  send_all(client, begin);
  send_all(client, end);
  gint64 from = g_get_monotonic_time();
  pid_t pid = start(program, listening);
  receive_answer(client);
  gint64 to = g_get_monotonic_time();
  stop(pid);
  close(listening);
  return (double)(to - from) / 1000.0;
}

static int
compare(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static void
time_starts(const char *program, const char *path, int count)
{
  g_autofree double *ms = g_new(double, (gsize)count);
  for (int i = 0; i < count; i++)
    ms[i] = time_start(program, path);
  qsort(ms, (gsize)count, sizeof *ms, compare);
  printf("%.2f %.2f %.2f\n", ms[count / 2], ms[count * 9 / 10], ms[count - 1]);
}

/* ---- memory --------------------------------------------------------------------------------- */

static long
pss_of(long pid)
{
  g_autofree char *path = g_strdup_printf("/proc/%ld/smaps_rollup", pid);
  g_autofree char *text = NULL;
  const char *line = g_file_get_contents(path, &text, NULL, NULL) ? strstr(text, "\nPss:") : NULL;
  return line != NULL ? strtol(line + strlen("\nPss:"), NULL, 10) : -1;
}

/* One request for each worker: one that reads a request does not take another. */
static void
ask_each(const char *path, int workers)
{
  g_autoptr(GByteArray) begin = request_begin();
  g_autoptr(GByteArray) end = request_end();
  int clients[MAX_WORKERS];
  for (int i = 0; i < workers; i++) {
    clients[i] = connect_to(path);
    send_all(clients[i], begin);
  }
  for (int i = 0; i < workers; i++)
    send_all(clients[i], end);
  for (int i = 0; i < workers; i++)
    receive_answer(clients[i]);
}

static void
print_memory(pid_t parent)
{
  g_autofree char *path = g_strdup_printf("/proc/%d/task/%d/children", parent, parent);
  g_autofree char *children = NULL;
  if (!g_file_get_contents(path, &children, NULL, NULL))
    die(path);
  g_auto(GStrv) pids = g_strsplit(g_strstrip(children), " ", -1);
  for (int i = 0; pids[i] != NULL; i++)
    printf("%ld ", pss_of(strtol(pids[i], NULL, 10)));
  printf("%ld\n", pss_of(parent));
}

static void
measure_memory(const char *program, const char *path, int workers, int count)
{
  int listening = listen_at(path);
  g_autofree char *number = g_strdup_printf("%d", workers);
  g_setenv("ROUTE_WORKERS", number, TRUE);
  pid_t pid = start(program, listening);
  for (int i = 0; i < count; i++)
    ask_each(path, workers);
  print_memory(pid);
  stop(pid);
}

static int
number(const char *text)
{
  return (int)strtol(text, NULL, 10);
}

int
main(int argc, char **argv)
{
  if (getenv("BENCH_TOKEN") == NULL)
    return 2;
  signal(SIGPIPE, SIG_IGN);
  if (argc == 5 && strcmp(argv[1], "starts") == 0)
    time_starts(argv[2], argv[3], number(argv[4]));
  else if (argc == 6 && strcmp(argv[1], "memory") == 0 && number(argv[4]) <= MAX_WORKERS)
    measure_memory(argv[2], argv[3], number(argv[4]), number(argv[5]));
  else
    return 2;
  return 0;
}
