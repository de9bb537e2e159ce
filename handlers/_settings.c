/* Prints the table of settings for people: `_settings example` is deploy/env.example, `_settings
 * markdown` the README's table (make generated). */
#include <stdio.h>
#include <string.h>

#include "base/settings.h"

#define EXIT_USAGE 2

int
main(int argc, char **argv)
{
  if (argc == 2 && strcmp(argv[1], "example") == 0)
    settings_print_example();
  else if (argc == 2 && strcmp(argv[1], "markdown") == 0)
    settings_print_markdown();
  else {
    fprintf(stderr, "usage: _settings example | markdown\n");
    return EXIT_USAGE;
  }
  return 0;
}
