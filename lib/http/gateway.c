#include "http/gateway.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

Gateway
gateway_of_fastcgi(FCGX_Request *request)
{
  return (Gateway){.fastcgi = request, .params = request->envp};
}

Gateway
gateway_of_cgi(void)
{
  return (Gateway){.params = environ};
}

const char *
gateway_param(const Gateway *gateway, const char *name, guint *count)
{
  gsize length = strlen(name);
  const char *first = NULL;
  guint seen = 0;
  for (char **param = gateway->params; *param != NULL; param++)
    if (strncmp(*param, name, length) == 0 && (*param)[length] == '=') {
      if (seen++ == 0)
        first = *param + length + 1;
      if (count == NULL)
        break;
    }
  if (count != NULL)
    *count = seen;
  return first;
}

gsize
gateway_read(const Gateway *gateway, char *buffer, gsize size)
{
  if (gateway->fastcgi == NULL)
    return fread(buffer, 1, size, stdin);
  int got = FCGX_GetStr(buffer, (int)size, gateway->fastcgi->in);
  return got > 0 ? (gsize)got : 0;
}

gboolean
gateway_write(const Gateway *gateway, const char *bytes, gsize length)
{
  if (gateway->fastcgi == NULL)
    return fwrite(bytes, 1, length, stdout) == length && fflush(stdout) == 0;
  return FCGX_PutStr(bytes, (int)length, gateway->fastcgi->out) == (int)length;
}

gboolean
gateway_flush(const Gateway *gateway)
{
  if (gateway->fastcgi == NULL)
    return fflush(stdout) == 0;
  /* of a stream that failed before, FCGX_FFlush says that all is well */
  return FCGX_FFlush(gateway->fastcgi->out) == 0 && FCGX_GetError(gateway->fastcgi->out) == 0;
}

static int
answering_end(const Gateway *gateway)
{
  return gateway->fastcgi == NULL ? STDOUT_FILENO : gateway->fastcgi->ipcFd;
}

void
gateway_set_patience(const Gateway *gateway, gint64 seconds)
{
  struct timeval limit = {.tv_sec = seconds};
  /* of no effect on a pipe, whose reader leaves by itself */
  (void)setsockopt(answering_end(gateway), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

gboolean
gateway_is_abandoned(const Gateway *gateway)
{
  struct pollfd end;
  memset(&end, 0, sizeof end);
  end.fd = answering_end(gateway);
  end.events = POLLRDHUP; /* what libfcgi has not read yet hides nothing */
  return poll(&end, 1, 0) == 1;
}
