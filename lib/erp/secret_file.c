#include "erp/secret_file.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "net/seal.h"

#define FILE_MAX_BYTES 65536

/* Looks at the file that is open, not at its name: that could lead elsewhere a moment later. */
static const char *
problem_of(int fd, gsize *size)
{
  struct stat file;
  if (fd < 0 || fstat(fd, &file) != 0)
    return "aponta para um arquivo que não pode ser lido";
  if (!S_ISREG(file.st_mode))
    return "não aponta para um arquivo comum";
  if ((file.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return "aponta para um arquivo aberto a outros usuários (chmod 600)";
  if (file.st_size > FILE_MAX_BYTES)
    return "aponta para um arquivo grande demais";
  *size = (gsize)file.st_size;
  return NULL;
}

static char *
read_text(int fd, gsize size)
{
  char *text = g_malloc0(size + 1);
  gsize length = 0;
  for (gssize got = 1; got > 0; length += (gsize)MAX(got, 0))
    got = read(fd, text + length, size - length);
  if (length > 0 && text[length - 1] == '\n')
    text[--length] = '\0';
  if (strlen(text) == length)
    return text;
  explicit_bzero(text, size);
  g_free(text);
  return NULL;
}

char *
secret_file_read(const char *path, const char **problem)
{
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe would never answer */
  gsize size = 0;
  *problem = problem_of(fd, &size);
  char *text = *problem == NULL ? read_text(fd, size) : NULL;
  if (*problem == NULL && text == NULL)
    *problem = "aponta para um arquivo que não é texto";
  if (fd >= 0)
    close(fd);
  return text;
}
