/* What can go wrong, under stable codes.  One table (error.c) maps each code to its HTTP status,
 * its public word and, where callers must not see details, the text they get instead. */
#pragma once
#include <glib.h>

#define PONTE_ERROR (ponte_error_quark())

typedef enum {
  /* the caller's doing */
  ERROR_UNAUTHENTICATED, /* no credentials: 401 */
  ERROR_INVALID_TOKEN,   /* credentials that do not hold: 401 */
  ERROR_FORBIDDEN,
  ERROR_NOT_FOUND,
  ERROR_METHOD_NOT_ALLOWED,
  ERROR_BODY_TOO_LARGE,
  ERROR_URI_TOO_LONG,
  ERROR_UNSUPPORTED_MEDIA,
  ERROR_INVALID_JSON,
  ERROR_TRUNCATED_BODY,
  ERROR_REPEATED_PARAMETER,
  ERROR_INVALID_PARAMETER,
  ERROR_INVALID_FIELDS, /* the body's members; the answer names each */
  ERROR_FILE_TOO_LARGE, /* a file inside the body */
  ERROR_CONFLICT,       /* with what is stored already */
  /* try later */
  ERROR_COOLDOWN,
  ERROR_IN_PROGRESS,
  ERROR_DISABLED,
  ERROR_INTERRUPTED, /* this program was asked to stop */
  ERROR_DEADLINE,    /* the work's own time limit */
  /* the ERP's doing */
  ERROR_UPSTREAM_FAULT,       /* it answered with a refusal */
  ERROR_UPSTREAM_UNAVAILABLE, /* no usable answer */
  ERROR_UPSTREAM_TIMEOUT,
  ERROR_UPSTREAM_SUSPENDED, /* our own guard holds calls back */
  ERROR_RATE_LIMITED,
  ERROR_CIRCUIT_OPEN,
  /* an ERP's books (erp-connectors.md 7) */
  ERROR_UNKNOWN_PARAMETER,
  ERROR_INVALID_PERIOD,
  ERROR_UNKNOWN_FILTER,
  ERROR_AMBIGUOUS_COMPANY,
  ERROR_COMPANY_UNKNOWN,
  ERROR_ACCOUNT_NOT_FOUND,
  ERROR_NOT_ACCEPTABLE,
  ERROR_BUSY,               /* as many runs as may be */
  ERROR_ERP_AUTHENTICATION, /* the ERP refuses our credentials: 502, 401 is the caller's own */
  ERROR_ERP_FORBIDDEN,
  ERROR_ERP_REAUTHORIZATION, /* a person has to authorize anew */
  ERROR_ERP_TOKEN_EXPIRED,
  ERROR_ERP_CONNECTION,
  ERROR_ERP_UNTRUSTED,
  ERROR_ERP_REDIRECTED,
  ERROR_ERP_TRUNCATED,
  ERROR_ERP_UNEXPECTED, /* HTML, or the other markup */
  ERROR_ERP_PAGING_LOOP,
  ERROR_ERP_PAGING_LIMIT,
  ERROR_ERP_EXTRACT_TRUNCATED,
  ERROR_ERP_TIMEOUT,
  ERROR_ERP_RATE_LIMITED,
  ERROR_ERP_DAY_SPENT,
  ERROR_ERP_CIRCUIT_OPEN,
  ERROR_ERP_NOT_FOUND,
  ERROR_ERP_DATA,     /* well-formed, and wrong */
  ERROR_ERP_REJECTED, /* 400, 409, 422 … */
  ERROR_ERP_TOO_LARGE,
  ERROR_ERP_EMPTY_BALANCE,
  ERROR_ERP_STRICT,
  ERROR_ERP_OPENING_MISSING,
  ERROR_ERP_DUPLICATE_ACCOUNT,
  ERROR_ERP_UNSUPPORTED,
  ERROR_ERP_NOT_CONFIGURED,
  ERROR_TOKEN_STORE_UNAVAILABLE,
  ERROR_RATE_STORE_UNAVAILABLE,
  /* ours */
  ERROR_NOT_CONFIGURED,
  ERROR_JOB_FAILED,      /* a cron's run; its schedulers look at the class of the status only */
  ERROR_UPLOAD_FAILED,   /* Omie did not take a file (backoffice.md 7.1) */
  ERROR_STORAGE_REFUSED, /* a row could not be written, and callers are told which */
  ERROR_MIGRATIONS_PENDING,
  ERROR_DATABASE_UNAVAILABLE,
  ERROR_DATABASE_CONFLICT, /* SQLSTATE 23505, 40001, 40P01: load, decide and write again */
  ERROR_DATABASE,          /* any other refused statement */
  ERROR_INTERNAL,
  N_ERRORS
} PonteErrorCode;

GQuark ponte_error_quark(void);

/* The HTTP status of an error; 500 for a foreign domain or NULL. */
guint error_status(const GError *error);

/* The stable word for the member `code`, e.g. "upstream_timeout".  Static. */
const char *error_word(const GError *error);

/* The code of such a word, as stored for others to read; ERROR_INTERNAL when there is none. */
PonteErrorCode error_of_word(const char *word);

/* What a caller may read: the error's own message, or the table's text for codes whose messages
 * are ours alone (SQL, file names: DESIGN "Errors", fin.md 15.2).  Borrowed from the error. */
const char *error_public_text(const GError *error);

/* TRUE when the details belong in the log (the caller sees only a general text). */
gboolean error_is_private(const GError *error);
