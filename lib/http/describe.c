/* `program --describe`: the route as lines of `key value`, from which nginx's locations and later
 * the OpenAPI document are generated. */
#include <stdio.h>

#include "http/internal.h"

static void
print_access(guint access)
{
  static const char *const areas[N_AREAS] = {"fin", "backoffice", "erp", "crm"};
  for (Area area = 0; area < N_AREAS; area++)
    if (access & ACCESS_ROLES(area))
      printf(" roles:%s", areas[area]);
  if (access & ACCESS_CRON)
    printf(" cron");
  if (access & ACCESS_PUBLIC)
    printf(" public");
}

void
describe_route(void)
{
  printf("url %s\n", route_url);
  if (route.alias != NULL)
    printf("alias %s\n", route.alias);
  printf("summary %s\n", route.summary);
  printf("deadline_seconds %u\n", route_deadline_seconds());
  printf("max_body %" G_GSIZE_FORMAT "\n", route_max_body());
  if (route.streams)
    printf("streams\n");
  for (gsize i = 0; i < G_N_ELEMENTS(route.methods) && route.methods[i].name != NULL; i++) {
    printf("method %s", route.methods[i].name);
    print_access(route.methods[i].access);
    printf("\n");
  }
}
