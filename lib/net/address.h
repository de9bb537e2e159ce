/* Whether an address belongs to the public internet.  Pure. */
#pragma once
#include <glib.h>
#include <sys/socket.h>

/* FALSE for loopback, private, link-local, shared, multicast and reserved addresses, also where
 * IPv6 carries such an IPv4 address, and for other families. */
gboolean address_is_public(const struct sockaddr *address);
