/* A web server of the test's own, with the stack's certificate: it serves the files that
 * harness_write wrote, as an issuer of keys would. */
#include "harness.h"

#include <arpa/inet.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static GPid server_pid;

static guint
free_port(void)
{
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(fd, (struct sockaddr *)&address, size) != 0 ||
      getsockname(fd, (struct sockaddr *)&address, &size) != 0)
    fail_msg("no free port");
  close(fd);
  return ntohs(address.sin_port);
}

static gboolean
is_listening(guint port)
{
  struct sockaddr_in address = {.sin_family = AF_INET,
                                .sin_port = htons((guint16)port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  gboolean connected = connect(fd, (struct sockaddr *)&address, sizeof address) == 0;
  close(fd);
  return connected;
}

static char *
write_configuration(guint port)
{
  g_autofree char *text = g_strdup_printf(
      "%sdaemon off; master_process off; pid %s/web.pid; error_log %s/web-error.log;\n"
      "events {}\n"
      "http {\n"
      "  access_log %s/web-access.log;\n"
      "  client_body_temp_path %s/t1; proxy_temp_path %s/t2; fastcgi_temp_path %s/t3;\n"
      "  uwsgi_temp_path %s/t4; scgi_temp_path %s/t5;\n"
      "  server { listen 127.0.0.1:%u ssl; root %s;\n"
      "    ssl_certificate %s/tls/server.pem; ssl_certificate_key %s/tls/server.key; }\n"
      "}\n",
      getuid() == 0 ? "user root; " : "", harness_folder(), harness_folder(), harness_folder(),
      harness_folder(), harness_folder(), harness_folder(), harness_folder(), harness_folder(),
      port, harness_folder(), harness_env("PONTE_STATE_DIR"), harness_env("PONTE_STATE_DIR"));
  return harness_write("web.conf", text);
}

char *
file_server_start(void)
{
  guint port = free_port();
  g_autofree char *configuration = write_configuration(port);
  g_autofree char *log = g_build_filename(harness_folder(), "web-access.log", NULL);
  g_remove(log);
  const char *const argv[] = {"nginx", "-c", configuration, NULL};
  g_autoptr(GError) error = NULL;
  g_autofree char *path = g_strconcat(g_getenv("PATH"), ":/usr/sbin:/usr/local/sbin", NULL);
  g_setenv("PATH", path, TRUE);
  if (!g_spawn_async(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD,
                     NULL, NULL, &server_pid, &error))
    fail_msg("%s", error->message);
  WAIT_FOR(is_listening(port));
  return g_strdup_printf("https://127.0.0.1:%u", port);
}

void
file_server_stop(void)
{
  if (server_pid == 0)
    return;
  kill(server_pid, SIGTERM);
  waitpid(server_pid, NULL, 0);
  server_pid = 0;
}

gint64
file_server_hits(const char *path)
{
  g_autofree char *log = g_build_filename(harness_folder(), "web-access.log", NULL);
  g_autofree char *text = NULL;
  g_autofree char *wanted = g_strdup_printf("\"GET %s ", path);
  gint64 hits = 0;
  if (!g_file_get_contents(log, &text, NULL, NULL))
    return 0;
  for (const char *at = text; (at = strstr(at, wanted)) != NULL; at++)
    hits++;
  return hits;
}
