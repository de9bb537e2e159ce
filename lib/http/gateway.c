#include "http/gateway.h"

#include <stdio.h>
#include <string.h>
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
