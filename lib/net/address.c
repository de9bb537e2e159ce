#include "net/address.h"

#include <netinet/in.h>
#include <string.h>

/* What lies inside, or leads nowhere (RFC 6890). */
static gboolean
ipv4_is_public(guint32 address)
{
  static const struct {
    guint32 net;
    guint bits;
  } inner[] = {{0x00000000, 8},  /* 0.0.0.0/8: this host */
               {0x0a000000, 8},  /* 10.0.0.0/8: private */
               {0x64400000, 10}, /* 100.64.0.0/10: shared behind a carrier's NAT */
               {0x7f000000, 8},  /* 127.0.0.0/8: loopback */
               {0xa9fe0000, 16}, /* 169.254.0.0/16: link-local, and clouds' metadata */
               {0xac100000, 12}, /* 172.16.0.0/12: private */
               {0xc0000000, 24}, /* 192.0.0.0/24: protocol assignments */
               {0xc0a80000, 16}, /* 192.168.0.0/16: private */
               {0xc6120000, 15}, /* 198.18.0.0/15: benchmarks */
               {0xe0000000, 3}}; /* 224.0.0.0 and above: multicast, reserved, broadcast */
  for (gsize i = 0; i < G_N_ELEMENTS(inner); i++)
    if ((address ^ inner[i].net) >> (32 - inner[i].bits) == 0)
      return FALSE;
  return TRUE;
}

static gboolean
ipv6_is_public(const guint8 *address)
{
  static const guint8 mapped[12] = {[10] = 0xff, [11] = 0xff};
  static const guint8 nat64[12] = {0x00, 0x64, 0xff, 0x9b};
  guint32 words[4];
  memcpy(words, address, sizeof words);
  if (memcmp(address, mapped, sizeof mapped) == 0 || memcmp(address, nat64, sizeof nat64) == 0)
    return ipv4_is_public(ntohl(words[3]));
  if (address[0] == 0x20 && address[1] == 0x02) /* 6to4: the IPv4 address follows */
    return ipv4_is_public(ntohl(words[0]) << 16 | ntohl(words[1]) >> 16);
  return address[0] >> 5 == 1; /* 2000::/3: all that is given out for the public internet */
}

gboolean
address_is_public(const struct sockaddr *address)
{
  switch (address->sa_family) {
  case AF_INET:
    return ipv4_is_public(ntohl(((const struct sockaddr_in *)address)->sin_addr.s_addr));
  case AF_INET6:
    return ipv6_is_public(((const struct sockaddr_in6 *)address)->sin6_addr.s6_addr);
  default:
    return FALSE;
  }
}
