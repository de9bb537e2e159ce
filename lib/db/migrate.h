/* The schema's history: numbered SQL files (NNNN_name.up.sql, and NNNN_name.down.sql to take it
 * back), each applied once, in a transaction of its own, under a lock, and recorded with its
 * checksum in ponte.schema_migrations. */
#pragma once
#include <glib.h>

#include "db/db.h"

/* Told of each step: "applied" or "reverted" and the file's name, while the work goes on. */
typedef void (*MigrateNote)(const char *what, const char *name);

/* Applies what is not applied yet.  `url` is a libpq connection string of a login that may create
 * schemas and roles.  Two at once: the second waits, and finds nothing to do.  Refuses, naming the
 * file, when an applied file was changed or is gone, or a new one comes before an applied one.
 * A file that fails leaves nothing behind; the files before it stay applied.
 * Errors: DATABASE_UNAVAILABLE, DATABASE (with file and line), NOT_CONFIGURED (the files). */
gboolean migrate_up(const char *url, const char *dir, MigrateNote note,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Takes back everything above `level`, the newest first; a negative level: the newest alone. */
gboolean migrate_down(const char *url, const char *dir, int level, MigrateNote note,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Tells "applied", "pending", "changed" or "missing" of every file; changes nothing. */
gboolean migrate_status(const char *url, const char *dir, MigrateNote note,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The newest level of the sql/ this program was built with. */
int migrate_expected_level(void);

/* The newest level that is applied to the database; -1 with `error` set. */
int migrate_current_level(Db *db, GError **error);
