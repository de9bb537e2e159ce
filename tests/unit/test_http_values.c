/* Headers, paths and links as strings. */
#include "unit.h"

#include "http/address.h"
#include "http/headers.h"

static void
test_json_has_one_media_type(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *type;
    gboolean any, utf8;
  } cases[] = {
      {NULL, FALSE, FALSE},
      {"", FALSE, FALSE},
      {"application/json", TRUE, TRUE},
      {"APPLICATION/JSON", TRUE, TRUE},
      {"application/json;", TRUE, TRUE},
      {"application/json; charset=utf-8", TRUE, TRUE},
      {"application/json ;charset=\"UTF-8\"", TRUE, TRUE},
      {"application/json; charset=latin1", TRUE, FALSE},
      {"application/json; x=1", TRUE, FALSE},
      {"application/jsonx", FALSE, FALSE},
      {"application/json+x", FALSE, FALSE},
      {"text/json", FALSE, FALSE},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    assert_int_equal(content_type_is_json(cases[i].type, FALSE), cases[i].any);
    assert_int_equal(content_type_is_json(cases[i].type, TRUE), cases[i].utf8);
  }
}

static void
test_a_preference_is_found_among_others(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *header;
    gboolean found;
  } cases[] = {
      {"respond-async", TRUE},
      {"Respond-Async", TRUE},
      {"wait=10, respond-async", TRUE},
      {" respond-async ;foo=1 , x", TRUE},
      {"", FALSE},
      {",;,", FALSE},
      {"respond-asynchronously", FALSE},
      {"x; respond-async", FALSE},
      {"respond-async=no", FALSE},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    assert_int_equal(prefer_has(cases[i].header, "respond-async"), cases[i].found);
}

static void
test_a_host_is_a_name_or_address_with_a_port_at_most(G_GNUC_UNUSED void **state)
{
  static const char *const good[] = {"a",           "ponte.example", "ponte.example:8443",
                                     "10.0.0.1:80", "[::1]",         "[2001:db8::1]:443",
                                     "my_host-1."};
  static const char *const bad[] = {
      "",    ":80",  "a:",      "a:x",  "a:123456", "a/b",    "a b",     "a@b",
      "a\"", "a\\b", "[]",      "[::1", "[::1]x",   "[evil]", "a:80:80", "\xc3\xa7.example",
      "a?b", "a#b",  "<script>"};
  for (gsize i = 0; i < G_N_ELEMENTS(good); i++)
    assert_true(host_is_plausible(good[i]));
  for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
    if (host_is_plausible(bad[i]))
      fail_msg("%s is no host", bad[i]);
  g_autofree char *endless = g_strnfill(256, 'a');
  assert_false(host_is_plausible(endless));
}

static void
test_the_place_in_a_path_is_taken_out(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *pattern, *path, *place;
  } cases[] = {
      {"/api/a/{id}", "/api/a/12", "12"},
      {"/api/a/{id}", "/api/a/12/", "12"},
      {"/api/a/{id}", "/api/a/x y", "x y"},
      {"/api/a/{id}", "/api/a/", NULL},
      {"/api/a/{id}", "/api/a", NULL},
      {"/api/a/{id}", "/api/a/1/2", NULL},
      {"/api/a/{id}", "/api/a/1//", NULL},
      {"/api/a/{id}", "/api/b/1", NULL},
      {"/api/a/{id}", "", NULL},
      {"/api/{id}/b", "/api/7/b", "7"},
      {"/api/{id}/b", "/api/7/b/", "7"},
      {"/api/{id}/b", "/api/7/bc", NULL},
      {"/api/{id}/b", "/api/7", NULL},
      {"/api/a", "/api/a", NULL},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *place = address_place(cases[i].pattern, cases[i].path);
    if (g_strcmp0(place, cases[i].place) != 0)
      fail_msg("%s in %s: %s", cases[i].pattern, cases[i].path, place != NULL ? place : "(null)");
  }
}

static void
test_a_link_keeps_everything_but_the_page(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *query;
    gint64 page;
    const char *link;
  } cases[] = {
      {"", 1, "http://h/p/"},
      {"", 2, "http://h/p/?page=2"},
      {"page=2", 1, "http://h/p/"},
      {"page=2", 3, "http://h/p/?page=3"},
      {"a=b&page=2&c=d", 1, "http://h/p/?a=b&c=d"},
      {"a=b&page=2&c=d", 3, "http://h/p/?a=b&c=d&page=3"},
      {"%70age=9&pages=1&page", 2, "http://h/p/?pages=1&page=2"},
      {"&&a=%C3%A7+1&", 2, "http://h/p/?a=%C3%A7+1&page=2"},
      {"a=\"<\xc3\xa7 >", 2, "http://h/p/?a=%22%3C%C3%A7%20%3E&page=2"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *link = address_page_link("http://h", "/p/", cases[i].query, cases[i].page);
    assert_string_equal(link, cases[i].link);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_json_has_one_media_type),
      cmocka_unit_test(test_a_preference_is_found_among_others),
      cmocka_unit_test(test_a_host_is_a_name_or_address_with_a_port_at_most),
      cmocka_unit_test(test_the_place_in_a_path_is_taken_out),
      cmocka_unit_test(test_a_link_keeps_everything_but_the_page),
  };
  return cmocka_run_group_tests_name("http values", tests, NULL, NULL);
}
