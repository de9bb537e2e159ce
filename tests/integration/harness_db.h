/* The database as its superuser sees it: arranging and looking. */
#pragma once
#include <glib.h>
#include <libpq-fe.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PGconn, PQfinish)

/* A connection of the superuser; the caller ends it.  The test fails when there is none. */
PGconn *admin_connect(void);

/* A statement, with text parameters: sql("delete from t where a = $1", "x") */
#define sql(...) sql_run(__FILE__, __LINE__, __VA_ARGS__, NULL)
void sql_run(const char *file, int line, const char *statement, ...) G_GNUC_NULL_TERMINATED;

/* The first cell of a query: as text (NULL for null or no row; caller frees), or as a number. */
#define sql_text(...)   sql_text_at(__FILE__, __LINE__, __VA_ARGS__, NULL)
#define sql_number(...) sql_number_at(__FILE__, __LINE__, __VA_ARGS__, NULL)
char *sql_text_at(const char *file, int line, const char *query, ...) G_GNUC_NULL_TERMINATED;
gint64 sql_number_at(const char *file, int line, const char *query, ...) G_GNUC_NULL_TERMINATED;

#define assert_sql(expected, ...) assert_sql_text(__FILE__, __LINE__, expected, __VA_ARGS__, NULL)
#define assert_count(expected, query)                                                              \
  assert_int_equal(sql_number("select count(*) from " query), expected)
void assert_sql_text(const char *file, int line, const char *expected, const char *query,
                     ...) G_GNUC_NULL_TERMINATED;

/* TRUE while the database accepts connections. */
gboolean database_answers(void);

void admin_disconnect(void);

/* Empties the data tables of schemas fin, erp, backoffice and crm. */
void database_reset(void);

/* A user's row in fin.profiles. */
void profile_put(const char *id, const char *role, gboolean active);
