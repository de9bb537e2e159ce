/* Which addresses are connected, wherever a name led (backoffice.md 6.7). */
#include "unit.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>

#include "net/address.h"

static gboolean
is_public(const char *text)
{
  struct sockaddr_in v4 = {.sin_family = AF_INET};
  struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
  if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
    return address_is_public((const struct sockaddr *)&v4);
  assert_int_equal(inet_pton(AF_INET6, text, &v6.sin6_addr), 1);
  return address_is_public((const struct sockaddr *)&v6);
}

/* B14: whatever name led there.  First and last address of each range, and its neighbours. */
static void
test_inner_addresses_are_never_connected(G_GNUC_UNUSED void **state)
{
  static const char *const inner[] = {
      "0.0.0.0",
      "0.255.255.255",
      "10.0.0.0",
      "10.255.255.255",
      "100.64.0.0",
      "100.127.255.255",
      "127.0.0.1",
      "127.255.255.255",
      "169.254.0.0",
      "169.254.169.254",
      "169.254.255.255",
      "172.16.0.0",
      "172.31.255.255",
      "192.0.0.0",
      "192.0.0.255",
      "192.168.0.0",
      "192.168.255.255",
      "198.18.0.0",
      "198.19.255.255",
      "224.0.0.0",
      "239.255.255.255",
      "240.0.0.0",
      "255.255.255.255",
      "::",
      "::1",
      "::7f00:1",
      "::ffff:127.0.0.1",
      "::ffff:10.1.2.3",
      "::ffff:192.168.1.1",
      "::ffff:169.254.169.254",
      "64:ff9b::10.0.0.1",
      "64:ff9b::127.0.0.1",
      "64:ff9b:1::1",
      "2002:7f00:1::1",
      "2002:a00:1::1",
      "2002:c0a8:101::1",
      "fc00::1",
      "fd12:3456::1",
      "fe80::1",
      "febf::1",
      "fec0::1",
      "ff02::1",
      "100::1",
      "1fff::1",
      "4000::1",
  };
  static const char *const outer[] = {
      "1.0.0.0",        "9.255.255.255",    "11.0.0.0",
      "100.63.255.255", "100.128.0.0",      "126.255.255.255",
      "128.0.0.0",      "169.253.255.255",  "169.255.0.0",
      "172.15.255.255", "172.32.0.0",       "191.255.255.255",
      "192.0.1.0",      "192.167.255.255",  "192.169.0.0",
      "198.17.255.255", "198.20.0.0",       "223.255.255.255",
      "54.94.0.1",      "::ffff:54.94.0.1", "64:ff9b::54.94.0.1",
      "2002:365e:1::1", "2600:9000::1",     "2000::1",
      "3fff::1",
  };
  for (gsize i = 0; i < G_N_ELEMENTS(inner); i++)
    if (is_public(inner[i]))
      fail_msg("%s is taken for public", inner[i]);
  for (gsize i = 0; i < G_N_ELEMENTS(outer); i++)
    if (!is_public(outer[i]))
      fail_msg("%s is not taken for public", outer[i]);
  const struct sockaddr_un local = {.sun_family = AF_UNIX};
  assert_false(address_is_public((const struct sockaddr *)&local));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_inner_addresses_are_never_connected),
  };
  return cmocka_run_group_tests_name("address", tests, NULL, NULL) != 0;
}
