/* Transfers of attachments from one receipt to one payable, and what they leave behind. */
#pragma once
#include "harness_worker.h"

#define TRANSFER_PROGRAM "attachments/transferir"
#define UPLOAD_PROGRAM   "attachments/incluir"
#define RETRY_PROGRAM    "attachments/processar_pendentes"

#define RECEIPTS "com-recebimento"
#define PAYABLES "conta-pagar"
#define RECEIPT  77001
#define PAYABLE  88001

/* worker_before: nobody works in the background, and Omie never finds a question asked too often.
 */
#define TRANSFER_CASE(test) WORKER_CASE(test)

/* A file of the receipt, or of the payable; returns its nIdAnexo. */
gint64 receipt_file(const char *name, const char *content);
gint64 payable_file(const char *name, const char *content);

/* So many bytes that no compression makes fewer, always the same; free with g_free.  And a file of
 * the receipt that holds them. */
guint8 *noise_new(gsize length);
void receipt_noise(const char *name, gsize length);

/* Three files of the receipt: a.txt, b.txt, c.txt. */
void receipt_abc(void);

/* Asks for the transfer from RECEIPT to PAYABLE; `more`: further members, ",\"assincrono\":true".
 */
Answer *transfer_of(gint64 receipt, gint64 payable, const char *more);
Answer *transfer_with(const char *more);
Answer *transfer_now(void);
Pending *transfer_start(void);

/* A POST without a body, as an administrator's curl sends it. */
Answer *retry_pending(void);

/* The end of an attempt, as the answer tells it and as the row keeps it: `sent` of `total` files,
 * and figures that add up (B92).  `message` NULL: none. */
#define assert_sent(answer, sent, total)                                                           \
  assert_result_at(answer, "success", sent, total, NULL, __FILE__, __LINE__)
#define assert_not_sent(answer, sent, total, message)                                              \
  assert_result_at(answer, "failed", sent, total, message, __FILE__, __LINE__)
void assert_result_at(const Answer *answer, const char *status, gint64 sent, gint64 total,
                      const char *message, const char *file, int line);

/* The figures of `detalhes` are these, all others 0: "contagem_origem=2,incluidos=2".  What the
 * destination had at first counts only when it is named. */
#define assert_figures(answer, expected) assert_figures_at(answer, expected, __FILE__, __LINE__)
void assert_figures_at(const Answer *answer, const char *expected, const char *file, int line);

/* The names in the payable, in order of arrival. */
#define assert_payable(expected) assert_names_at(PAYABLES, PAYABLE, expected, __FILE__, __LINE__)
void assert_names_at(const char *table, gint64 id, const char *expected, const char *file,
                     int line);

/* The payable holds the receipt's files, each once, under their codes, byte for byte. */
#define assert_payable_is_a_copy() assert_copy_at(RECEIPT, PAYABLE, __FILE__, __LINE__)
void assert_copy_at(gint64 receipt, gint64 payable, const char *file, int line);

/* How a call of a method ends from now on: in a fault with these words (`times` 0: for ever). */
void method_fault(const char *method, guint times, const char *code, const char *text);

/* The newest transfer is put off for so many seconds, within these; 0, 0: for good. */
#define assert_next_attempt_in(least, most)                                                        \
  assert_sql("t",                                                                                  \
             "select coalesce(extract(epoch from proxima_tentativa_em - processado_em)"            \
             "  between nullif($1, '0')::int and $2::int, $1 = '0') from " TRANSFERS               \
             " order by id desc limit 1",                                                          \
             least, most)

/* What the log of a transfer, and of the programs, must not show. */
#define assert_shown_nowhere(text) assert_shown_nowhere_at(text, __FILE__, __LINE__)
void assert_shown_nowhere_at(const char *text, const char *file, int line);
