/* Paths with a place in them, and links from page to page.  Pure. */
#pragma once
#include <glib.h>

/* What stands in `path` where `pattern` ("/api/tasks/{id}") has its place; NULL when the path is no
 * such path.  A slash at the end changes nothing.  The caller frees it. */
char *address_place(const char *pattern, const char *path);

/* base + path + the query with `page` instead of its own (1: none):
 * "https://host/api/x/?a=b&page=2". The caller frees it. */
char *address_page_link(const char *base, const char *path, const char *query, gint64 page);
