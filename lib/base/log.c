#include "base/log.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/json.h"
#include "base/settings.h"

static const char *program_name = "ponte";
static char *request_id;
static GLogLevelFlags lowest = G_LOG_LEVEL_INFO; /* GLib: the smaller the more severe */

static const char *
level_name(GLogLevelFlags level)
{
  if (level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL))
    return "error";
  if (level & G_LOG_LEVEL_WARNING)
    return "warning";
  return level & (G_LOG_LEVEL_MESSAGE | G_LOG_LEVEL_INFO) ? "info" : "debug";
}

static JsonWriter *
begin_line(GLogLevelFlags level, const char *message)
{
  struct timespec now;
  struct tm utc;
  char seconds[32], time[40];
  clock_gettime(CLOCK_REALTIME, &now);
  strftime(seconds, sizeof seconds, "%Y-%m-%dT%H:%M:%S", gmtime_r(&now.tv_sec, &utc));
  g_snprintf(time, sizeof time, "%s.%03ldZ", seconds, now.tv_nsec / 1000000);
  JsonWriter *line = json_writer_new();
  json_open_object(line, NULL);
  json_add_text(line, "time", time);
  json_add_text(line, "level", level_name(level));
  json_add_text(line, "program", program_name);
  if (request_id != NULL)
    json_add_text(line, "requestId", request_id);
  json_add_text(line, "message", message);
  return line;
}

/* One write per line, so that lines of several processes never mix. */
static void
end_line(JsonWriter *line)
{
  json_close_object(line);
  g_autofree char *text = g_strconcat(json_writer_text(line), "\n", NULL);
  gssize ignored = write(STDERR_FILENO, text, strlen(text));
  (void)ignored;
  json_writer_free(line);
}

static GLogWriterOutput
write_glib_message(GLogLevelFlags level, const GLogField *fields, gsize n_fields,
                   G_GNUC_UNUSED gpointer data)
{
  if ((level & G_LOG_LEVEL_MASK) > lowest)
    return G_LOG_WRITER_HANDLED;
  for (gsize i = 0; i < n_fields; i++)
    if (strcmp(fields[i].key, "MESSAGE") == 0)
      end_line(begin_line(level, fields[i].value));
  return G_LOG_WRITER_HANDLED;
}

static void
write_line(GLogLevelFlags level, const char *message, va_list pairs)
{
  if (level > lowest)
    return;
  JsonWriter *line = begin_line(level, message);
  for (const char *name; (name = va_arg(pairs, const char *)) != NULL;) {
    const char *value = va_arg(pairs, const char *);
    if (value != NULL)
      json_add_text(line, name, value);
  }
  end_line(line);
}

#define DEFINE_LEVEL(name, level)                                                                  \
  void name(const char *message, ...)                                                              \
  {                                                                                                \
    va_list pairs;                                                                                 \
    va_start(pairs, message);                                                                      \
    write_line(level, message, pairs);                                                             \
    va_end(pairs);                                                                                 \
  }

DEFINE_LEVEL(log_debug, G_LOG_LEVEL_DEBUG)
DEFINE_LEVEL(log_info, G_LOG_LEVEL_INFO)
DEFINE_LEVEL(log_warning, G_LOG_LEVEL_WARNING)
DEFINE_LEVEL(log_error, G_LOG_LEVEL_CRITICAL)

void
log_init(const char *program)
{
  const char *wanted = setting(LOG_LEVEL);
  program_name = program;
  lowest = strcmp(wanted, "debug") == 0     ? G_LOG_LEVEL_DEBUG
           : strcmp(wanted, "warning") == 0 ? G_LOG_LEVEL_WARNING
           : strcmp(wanted, "error") == 0   ? G_LOG_LEVEL_CRITICAL
                                            : G_LOG_LEVEL_INFO;
  g_log_set_writer_func(write_glib_message, NULL, NULL);
}

void
log_set_request_id(const char *id)
{
  g_free(request_id);
  request_id = g_strdup(id);
}

const char *
log_request_id(void)
{
  return request_id;
}
