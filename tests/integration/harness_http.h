/* Calling the stack over HTTP, alone and many at once. */
#pragma once
#include <glib.h>
#include <jansson.h>

typedef struct {
  guint status;  /* 0: no complete answer came */
  char *failure; /* why, in libcurl's words; NULL when one came */
  char *body;    /* always ended by a zero byte */
  gsize length;
  GHashTable *headers; /* names in lower case */
  json_t *json;        /* NULL when the body is not JSON */
} Answer;
void answer_free(Answer *answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Answer, answer_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(json_t, json_decref)

typedef struct {
  const char *token;      /* sent as Authorization: Bearer … */
  const char *headers[6]; /* "Name: value" */
  const char *body;
  gsize length;             /* of the body; 0: up to its zero byte */
  const char *content_type; /* of the body; default application/json */
  gint64 timeout_ms;        /* default 120 s */
} CallOptions;

/* call("POST", SYNC, .token = token, .body = "{}") */
#define call(method, path, ...) call_with(method, path, &(CallOptions){__VA_ARGS__})
Answer *call_with(const char *method, const char *path, const CallOptions *options);

/* The same in the background.  Texts in the options must outlive the call. */
typedef struct Pending Pending;
#define call_start(method, path, ...) call_start_with(method, path, &(CallOptions){__VA_ARGS__})
Pending *call_start_with(const char *method, const char *path, const CallOptions *options);
gboolean call_is_done(Pending *pending);
Answer *call_finish(Pending *pending);

/* Joins what a failed test left under way. */
void calls_abandon(void);

const char *answer_header(const Answer *answer, const char *name); /* NULL when absent */
const char *answer_text(const Answer *answer, const char *member); /* NULL when absent or no text */
gint64 answer_int(const Answer *answer, const char *member);       /* fails when it is no integer */

#define assert_status(answer, status)      assert_status_at(answer, status, __FILE__, __LINE__)
#define assert_member(answer, name, text)  assert_member_at(answer, name, text, __FILE__, __LINE__)
#define assert_header(answer, name, value) assert_header_at(answer, name, value, __FILE__, __LINE__)
#define assert_error(answer, status, text)                                                         \
  assert_error_at(answer, status, text, NULL, __FILE__, __LINE__)
#define assert_error_code(answer, status, text, code)                                              \
  assert_error_at(answer, status, text, code, __FILE__, __LINE__)

void assert_status_at(const Answer *answer, guint status, const char *file, int line);
void assert_member_at(const Answer *answer, const char *name, const char *text, const char *file,
                      int line);
void assert_header_at(const Answer *answer, const char *name, const char *value, const char *file,
                      int line);

/* The envelope of every error: status, {"ok":false,"error":text,"code":…,"requestId":…}.  `text`
 * NULL: any; `code` NULL: any. */
void assert_error_at(const Answer *answer, guint status, const char *text, const char *code,
                     const char *file, int line);
