/* Which links to attachments are followed (backoffice.md 6.7). */
#include "unit.h"

#include <string.h>

#include "backoffice/download.h"
#include "base/error.h"
#include "base/settings.h"

#define OMIE    "https://app.omie.com.br/api/v1/"
#define SANDBOX "https://127.0.0.1:8081/api/v1/"

#define MALFORMED "link de download inválido"
#define SCHEME    "link de download não usa https"
#define USER      "link de download com usuário ou senha"
#define PORT      "link de download em porta não permitida"
#define HOST      "link de download em servidor não permitido"

typedef struct {
  const char *url;
  const char *reason; /* NULL: may be followed */
} Case;

static void
assert_rules(const Case *cases, gsize n, const char *hosts, const char *api_base_url)
{
  static const char untouched[] = "untouched";
  for (gsize i = 0; i < n; i++) {
    const char *reason = untouched;
    gboolean is_allowed = download_is_allowed(cases[i].url, hosts, api_base_url, &reason);
    const char *expected = cases[i].reason != NULL ? cases[i].reason : untouched;
    if (is_allowed != (cases[i].reason == NULL) || strcmp(reason, expected) != 0)
      fail_msg("\"%s\" with \"%s\" is %s: %s", cases[i].url, hosts,
               is_allowed ? "allowed" : "refused", reason);
  }
}
#define ASSERT_RULES(cases, hosts, api_base_url)                                                   \
  assert_rules(cases, G_N_ELEMENTS(cases), hosts, api_base_url)

/* B14 */
static void
test_only_https_links_of_omie_are_followed(G_GNUC_UNUSED void **state)
{
  static const Case cases[] = {
      {"https://cdn.omie.com.br/a/nota.pdf?Expires=1&Signature=a%2Bb~_-", NULL},
      {"https://CDN.Omie.com.BR/a", NULL},
      {"HTTPS://cdn.omie.com.br/a", NULL},
      {"https://a.b.omie.com.br", NULL},
      {"https://cdn.omie.com.br?a", NULL},
      {"https://cdn.omie.com.br#a", NULL},
      {"https://cdn.omie.com.br:443/a", NULL},
      {"https://cdn.omie.com.br/a@b:c/d?e=https://example.com", NULL},
      {"https://app.omie.com.br/a", NULL},
      {"http://cdn.omie.com.br/a", SCHEME},
      {"ftp://cdn.omie.com.br/a", SCHEME},
      {"file:///etc/passwd", SCHEME},
      {"//cdn.omie.com.br/a", SCHEME},
      {"cdn.omie.com.br/a", SCHEME},
      {"/a", SCHEME},
      {"", SCHEME},
      {"https://example.com/cdn.omie.com.br", HOST},
      {"https://example.com/?.omie.com.br", HOST},
      {"https://example.com#.omie.com.br", HOST},
      {"https://omie.com.br/a", HOST}, /* the entry names what is below it */
      {"https://evilomie.com.br/a", HOST},
      {"https://cdn.omie.com.br.example.com/a", HOST},
      {"https://cdn.omie.com/a", HOST},
      {"https://10.0.0.1/a", HOST},
      {"https://localhost/a", HOST},
      {"https://[::1]/a", HOST},
      {"https://2130706433/a", HOST},
      {"https://cdn.omie.com.br:8443/a", PORT},
      {"https://cdn.omie.com.br:80/a", PORT},
      {"https://app.omie.com.br:8443/a", PORT},
  };
  ASSERT_RULES(cases, ".omie.com.br", OMIE);
}

/* Whatever one reader of URLs might take for one host and the next for another. */
static void
test_a_host_that_could_be_read_in_two_ways_is_refused(G_GNUC_UNUSED void **state)
{
  static const Case cases[] = {
      {"https://user@cdn.omie.com.br/a", USER},
      {"https://user:password@cdn.omie.com.br/a", USER},
      {"https://@cdn.omie.com.br/a", USER},
      {"https://cdn.omie.com.br@example.com/a", USER},
      {"https://example.com\\@cdn.omie.com.br/a", USER},
      {"https://example.com\\.omie.com.br/a", MALFORMED},
      {"https://example.com%2f.omie.com.br/a", MALFORMED},
      {"https://example%2ecom.omie.com.br/a", MALFORMED},
      {"https://example.com;.omie.com.br/a", MALFORMED},
      {"https://ex\xc3\xa1mple.omie.com.br/a", MALFORMED},
      {"https://example.com\t.omie.com.br/a", MALFORMED},
      {"https://cdn.omie.com.br/a\r\nHost: example.com", MALFORMED},
      {"https://cdn.omie.com.br/a b", MALFORMED},
      {" https://cdn.omie.com.br/a", MALFORMED},
      {"https://", MALFORMED},
      {"https:///cdn.omie.com.br/a", MALFORMED},
      {"https://.omie.com.br/a", MALFORMED},
      {"https://cdn.omie.com.br./a", MALFORMED},
      {"https://:443/a", MALFORMED},
      {"https://cdn.omie.com.br:/a", MALFORMED},
      {"https://cdn.omie.com.br:0/a", MALFORMED},
      {"https://cdn.omie.com.br:65979/a", MALFORMED}, /* 443 in 16 bits */
      {"https://cdn.omie.com.br:443x/a", MALFORMED},
      {"https://cdn.omie.com.br:+443/a", MALFORMED},
      {"https://cdn.omie.com.br:443:443/a", MALFORMED},
      {"https://[::1].omie.com.br/a", MALFORMED},
      {"https://[cdn.omie.com.br]/a", MALFORMED},
      {"https://[fe80::1%25eth0]/a", MALFORMED},
      {"https://[/a", MALFORMED},
      {"https://]/a", MALFORMED},
  };
  ASSERT_RULES(cases, ".omie.com.br", OMIE);
}

static void
test_the_list_of_hosts_holds_suffixes_and_names(G_GNUC_UNUSED void **state)
{
  static const Case cases[] = {
      {"https://cdn.omie.com.br/a", NULL},
      {"https://files.example.com/a", NULL},
      {"https://FILES.example.com/a", NULL},
      {"https://x.files.example.com/a", HOST}, /* an exact name is no suffix */
      {"https://example.com/a", HOST},
      {"https://203.0.113.7/a", NULL},
      {"https://bucket.s3.amazonaws.com/a", NULL},
  };
  ASSERT_RULES(cases, " .omie.com.br ,Files.example.com,, 203.0.113.7,.S3.amazonaws.com", OMIE);
  static const Case nowhere[] = {
      {"https://cdn.omie.com.br/a", HOST}, {"https://app.omie.com.br/a", NULL}, /* the API's own */
  };
  ASSERT_RULES(nowhere, "", OMIE);
  ASSERT_RULES(nowhere, ",", OMIE);
  ASSERT_RULES(nowhere, ".", OMIE);
}

static void
test_the_api_s_own_host_and_port_are_always_allowed(G_GNUC_UNUSED void **state)
{
  static const Case cases[] = {
      {"https://127.0.0.1:8081/files/1", NULL},      {"https://127.0.0.1:8082/files/1", HOST},
      {"https://127.0.0.1/files/1", HOST},           {"https://127.0.0.2:8081/files/1", HOST},
      {"https://localhost:8081/files/1", HOST},      {"https://cdn.omie.com.br/a", NULL},
      {"https://cdn.omie.com.br:8081/a", PORT},      {"http://127.0.0.1:8081/files/1", SCHEME},
      {"https://user@127.0.0.1:8081/files/1", USER},
  };
  ASSERT_RULES(cases, ".omie.com.br", SANDBOX);
  static const Case ipv6[] = {{"https://[::1]:8081/a", NULL}, {"https://[::1]:8082/a", HOST}};
  ASSERT_RULES(ipv6, "", "https://[::1]:8081");
  static const Case nobody[] = {{"https://127.0.0.1:8081/a", HOST}};
  ASSERT_RULES(nobody, "", "http://127.0.0.1:8081/"); /* https only */
  ASSERT_RULES(nobody, "", "");
}

/* That one alone may stand on an inner address. */
static void
test_the_api_s_own_host_is_known_whatever_the_port(G_GNUC_UNUSED void **state)
{
  assert_true(download_is_of_api("https://127.0.0.1:8081/a", SANDBOX));
  assert_true(download_is_of_api("https://127.0.0.1/a", SANDBOX));
  assert_true(download_is_of_api("https://APP.omie.com.br/a", OMIE));
  assert_false(download_is_of_api("https://cdn.omie.com.br/a", OMIE));
  assert_false(download_is_of_api("https://localhost:8081/a", SANDBOX));
  assert_false(download_is_of_api("http://127.0.0.1:8081/a", SANDBOX));
  assert_false(download_is_of_api("https://127.0.0.1:8081/a", ""));
}

static void
test_a_limit_is_told_as_people_read_it(G_GNUC_UNUSED void **state)
{
  static const struct {
    gsize bytes;
    const char *text;
  } cases[] = {
      {10485760, "10 MB"},  {1048576, "1 MB"}, {26214400, "25 MB"},  {65536, "64 KB"},
      {1572864, "1536 KB"}, {1024, "1 KB"},    {1000, "1000 bytes"}, {10000000, "10000000 bytes"},
      {0, "0 bytes"}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = download_size_text(cases[i].bytes);
    assert_string_equal(text, cases[i].text);
  }
}

/* B14: refused before anything is resolved or connected. */
static void
test_a_refused_link_is_told_without_the_link(G_GNUC_UNUSED void **state)
{
  g_unsetenv("OMIE_DOWNLOAD_HOSTS");
  g_unsetenv("OMIE_API_BASE_URL");
  assert_true(settings_load(NULL));
  static const Case cases[] = {{"http://cdn.omie.com.br/a?token=secret", SCHEME},
                               {"https://example.com/a?token=secret", HOST}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) content = g_string_new("before");
    gint64 deadline_us = g_get_monotonic_time() + G_USEC_PER_SEC;
    assert_false(download_fetch(cases[i].url, 100, deadline_us, content, &error));
    assert_true(g_error_matches(error, PONTE_ERROR, ERROR_UPSTREAM_FAULT));
    assert_string_equal(error->message, cases[i].reason);
    assert_string_equal(content->str, "before");
  }
}

static void
test_without_time_left_nothing_is_asked(G_GNUC_UNUSED void **state)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GString) content = g_string_new(NULL);
  assert_true(settings_load(NULL));
  assert_false(
      download_fetch("https://cdn.omie.com.br/a", 100, g_get_monotonic_time(), content, &error));
  assert_true(g_error_matches(error, PONTE_ERROR, ERROR_UPSTREAM_TIMEOUT));
  assert_string_equal(error->message, "tempo limite excedido");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_only_https_links_of_omie_are_followed),
      cmocka_unit_test(test_a_host_that_could_be_read_in_two_ways_is_refused),
      cmocka_unit_test(test_the_list_of_hosts_holds_suffixes_and_names),
      cmocka_unit_test(test_the_api_s_own_host_and_port_are_always_allowed),
      cmocka_unit_test(test_the_api_s_own_host_is_known_whatever_the_port),
      cmocka_unit_test(test_a_limit_is_told_as_people_read_it),
      cmocka_unit_test(test_a_refused_link_is_told_without_the_link),
      cmocka_unit_test(test_without_time_left_nothing_is_asked),
  };
  return cmocka_run_group_tests_name("download rules", tests, NULL, NULL) != 0;
}
