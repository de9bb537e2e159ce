/* The structures that Omie's methods take, as tables, and the check of a parameter against them. */
#pragma once
#include <jansson.h>

#include "omie_reply.h"

typedef enum {
  OMIE_NUMBER,  /* also as text: Omie's own samples send both */
  OMIE_TEXT,    /* at most `max` characters */
  OMIE_YES_NO,  /* "S" or "N" */
  OMIE_DATE,    /* dd/mm/aaaa */
  OMIE_TIME,    /* hh:mm:ss */
  OMIE_OBJECT,  /* of `type` */
  OMIE_LIST,    /* of objects of `type` */
  OMIE_IGNORED, /* deprecated: accepted without a look */
} OmieKind;

typedef struct OmieType OmieType;

typedef struct {
  const char *name; /* NULL (OMIE_END) ends a table */
  OmieKind kind;
  guint max;
  const OmieType *type;
  gboolean required;
} OmieMember;

struct OmieType {
  const char *name; /* as the fault for unknown tags gives it */
  const OmieMember *members;
};

/* Members as the reference writes them: n, s60, sn, d, h. */
#define OMIE_N(tag)                                                                                \
  {                                                                                                \
    .name = (tag), .kind = OMIE_NUMBER                                                             \
  }
#define OMIE_S(tag, most)                                                                          \
  {                                                                                                \
    .name = (tag), .kind = OMIE_TEXT, .max = (most)                                                \
  }
#define OMIE_SN(tag)                                                                               \
  {                                                                                                \
    .name = (tag), .kind = OMIE_YES_NO                                                             \
  }
#define OMIE_D(tag)                                                                                \
  {                                                                                                \
    .name = (tag), .kind = OMIE_DATE                                                               \
  }
#define OMIE_H(tag)                                                                                \
  {                                                                                                \
    .name = (tag), .kind = OMIE_TIME                                                               \
  }
#define OMIE_PART(tag, of)                                                                         \
  {                                                                                                \
    .name = (tag), .kind = OMIE_OBJECT, .type = (of)                                               \
  }
#define OMIE_PARTS(tag, of)                                                                        \
  {                                                                                                \
    .name = (tag), .kind = OMIE_LIST, .type = (of)                                                 \
  }
#define OMIE_DEPRECATED(tag)                                                                       \
  {                                                                                                \
    .name = (tag), .kind = OMIE_IGNORED                                                            \
  }
#define OMIE_END                                                                                   \
  {                                                                                                \
    .name = NULL                                                                                   \
  }

/* FALSE with the fault in `reply`: first the first unknown tag anywhere, then missing tags and
 * wrong values in the table's order. */
gboolean omie_type_accepts(const OmieType *type, const json_t *param, OmieReply *reply);

/* A member as number or text, whichever way it was sent; 0 and NULL when absent or empty. */
gint64 omie_param_number(const json_t *param, const char *name);
const char *omie_param_text(const json_t *param, const char *name);
gboolean omie_param_says_yes(const json_t *param, const char *name);
