/* What stands before the root of an XML text: read before libxml2 sees it, which would have read a
 * document type with all its entities before telling us.  Pure. */
#pragma once
#include "erp/row_charset.h"

#define XML_PROLOG_MAX 4096 /* bytes looked at: the root has to begin in them */

typedef enum {
  XML_EMPTY,    /* white space */
  XML_NONE,     /* another text, or a page of HTML */
  XML_DOCTYPE,  /* refused, whatever is in it */
  XML_ROOTLESS, /* it is over before its root */
  XML_ROOTED,
} XmlBeginning;

typedef struct {
  char text[XML_PROLOG_MAX + 1]; /* filled in by the caller */
  const char *at;
  gboolean has_encoding;
  Charset encoding; /* CHARSET_UNSTATED: one we do not read */
  char *root;       /* the caller's */
} XmlProlog;

XmlBeginning xml_prolog_read(XmlProlog *prolog);
