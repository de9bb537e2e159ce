/* Which attachments are copied (backoffice.md 6.6, 6.10). */
#include "unit.h"

#include <string.h>

#include "backoffice/transfer_plan.h"
#include "erp/omie/attachments.h"

#define MAX_FILES 3

typedef struct {
  const char *why;
  ListedFile origin;
  ListedFile target[MAX_FILES];   /* what the destination listed */
  ListedFile included[MAX_FILES]; /* what this attempt put there by now */
  const char *sent, *in_flight;   /* keys that the log knows from earlier attempts */
  TransferStep step;
} Case;

#define A_PDF                                                                                      \
  {                                                                                                \
    .id = 7, .name = (char *)"a.pdf"                                                               \
  }
#define A_PDF_OF(size_)                                                                            \
  {                                                                                                \
    .id = 7, .name = (char *)"a.pdf", .size = (size_)                                              \
  }
#define THERE(name_, code_, size_)                                                                 \
  {                                                                                                \
    .id = 99, .name = (char *)(name_), .code = (char *)(code_), .size = (size_)                    \
  }

/* The plan borrows: only the arrays and tables are its own. */
static TransferStep
step_of(const Case *tried)
{
  g_autoptr(GArray) target = g_array_new(FALSE, FALSE, sizeof(ListedFile));
  g_auto(TransferPlan) plan;
  for (guint i = 0; i < MAX_FILES; i++)
    if (tried->target[i].id != 0)
      g_array_append_val(target, tried->target[i]);
  transfer_plan_init(&plan, target);
  for (guint i = 0; i < MAX_FILES; i++)
    if (tried->included[i].id != 0)
      g_ptr_array_add(plan.included, (gpointer)&tried->included[i]);
  if (tried->sent != NULL)
    g_hash_table_add(plan.sent, g_strdup(tried->sent));
  if (tried->in_flight != NULL)
    g_hash_table_add(plan.in_flight, g_strdup(tried->in_flight));
  return transfer_plan_step(&plan, &tried->origin);
}

static void
test_what_becomes_of_a_file(G_GNUC_UNUSED void **state)
{
  static const Case cases[] = {
      {.why = "an empty destination", .origin = A_PDF, .step = STEP_INCLUDE},
      {.why = "another name",
       .origin = A_PDF,
       .target = {THERE("b.pdf", NULL, 0)},
       .step = STEP_INCLUDE},
      {.why = "the same name, no sizes",
       .origin = A_PDF,
       .target = {THERE("a.pdf", NULL, 0)},
       .step = STEP_DUPLICATE},
      {.why = "the same name, only the origin's size known",
       .origin = A_PDF_OF(10),
       .target = {THERE("a.pdf", NULL, 0)},
       .step = STEP_DUPLICATE},
      {.why = "the same name, only the destination's size known",
       .origin = A_PDF,
       .target = {THERE("a.pdf", NULL, 10)},
       .step = STEP_DUPLICATE},
      {.why = "the same name and size",
       .origin = A_PDF_OF(10),
       .target = {THERE("a.pdf", NULL, 10)},
       .step = STEP_DUPLICATE},
      {.why = "the same name, another size",
       .origin = A_PDF_OF(10),
       .target = {THERE("a.pdf", NULL, 11)},
       .step = STEP_INCLUDE},
      {.why = "another size at first, the same further on",
       .origin = A_PDF_OF(10),
       .target = {THERE("a.pdf", NULL, 11), THERE("a.pdf", NULL, 10)},
       .step = STEP_DUPLICATE},
      {.why = "capitals count",
       .origin = A_PDF,
       .target = {THERE("A.pdf", NULL, 0)},
       .step = STEP_INCLUDE},
      {.why = "our own code, whatever the name",
       .origin = A_PDF,
       .target = {THERE("renamed.pdf", "B7", 0)},
       .step = STEP_DUPLICATE},
      {.why = "our own code, whatever the size",
       .origin = A_PDF_OF(10),
       .target = {THERE("a.pdf", "B7", 11)},
       .step = STEP_DUPLICATE},
      {.why = "somebody else's code, the same name",
       .origin = A_PDF,
       .target = {THERE("a.pdf", "X1", 0)},
       .step = STEP_DUPLICATE},
      {.why = "a code that only begins like ours",
       .origin = A_PDF,
       .target = {THERE("b.pdf", "B77", 0)},
       .step = STEP_INCLUDE},
      {.why = "without an id there is no code to be equal",
       .origin = {.name = (char *)"a.pdf"},
       .target = {THERE("b.pdf", NULL, 0)},
       .step = STEP_INCLUDE},
      {.why = "entries without a name are not each other's copies",
       .origin = A_PDF,
       .target = {THERE(NULL, NULL, 0)},
       .step = STEP_INCLUDE},
      {.why = "a second file of this name, sizes unknown",
       .origin = {.id = 8, .name = (char *)"a.pdf"},
       .included = {A_PDF},
       .step = STEP_DUPLICATE},
      {.why = "a second file of this name, another size",
       .origin = {.id = 8, .name = (char *)"a.pdf", .size = 11},
       .included = {A_PDF_OF(10)},
       .step = STEP_INCLUDE},
      {.why = "without a name", .origin = {.id = 7}, .step = STEP_UNNAMED},
      {.why = "without a name, though its code is there: nothing could be sent",
       .origin = {.id = 7},
       .target = {THERE("a.pdf", "B7", 0)},
       .step = STEP_UNNAMED},
      {.why = "sent by an earlier attempt", .origin = A_PDF, .sent = "7", .step = STEP_SENT_BEFORE},
      {.why = "sent, and therefore there: not a duplicate",
       .origin = A_PDF,
       .target = {THERE("a.pdf", "B7", 0)},
       .sent = "7",
       .step = STEP_SENT_BEFORE},
      {.why = "another file of the same name was sent, this one was not",
       .origin = {.id = 8, .name = (char *)"a.pdf", .size = 11},
       .target = {THERE("a.pdf", "B7", 10)},
       .sent = "7",
       .step = STEP_INCLUDE},
      {.why = "a file without an id was sent by its name",
       .origin = {.name = (char *)"a.pdf"},
       .sent = "a.pdf",
       .step = STEP_SENT_BEFORE},
      {.why = "outcome unknown, found by its code",
       .origin = A_PDF,
       .target = {THERE("a.pdf", "B7", 0)},
       .in_flight = "7",
       .step = STEP_ARRIVED},
      {.why = "outcome unknown, found by its name",
       .origin = A_PDF,
       .target = {THERE("a.pdf", NULL, 0)},
       .in_flight = "7",
       .step = STEP_ARRIVED},
      {.why = "outcome unknown, and not there",
       .origin = A_PDF,
       .target = {THERE("b.pdf", NULL, 0)},
       .in_flight = "7",
       .step = STEP_INCLUDE},
      {.why = "another file's outcome is unknown",
       .origin = A_PDF,
       .target = {THERE("a.pdf", NULL, 0)},
       .in_flight = "8",
       .step = STEP_DUPLICATE},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    TransferStep step = step_of(&cases[i]);
    if (step != cases[i].step)
      fail_msg("%s: step %d instead of %d", cases[i].why, (int)step, (int)cases[i].step);
  }
}

/* ---- a row of Omie's list ---------------------------------------------------------------------
 */

static void
test_how_a_file_is_listed(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *why, *row;
    ListedFile file;
  } cases[] = {
      {"all there is",
       "\"nIdAnexo\":12486000009,\"cCodIntAnexo\":\"B1\",\"cNomeArquivo\":\"a.pdf\",\"nTamanho\":"
       "10",
       {12486000009, (char *)"a.pdf", (char *)"B1", 10}},
      {"an id in text",
       "\"nIdAnexo\":\"77\",\"cNomeArquivo\":\"a.pdf\"",
       {77, (char *)"a.pdf", NULL, 0}},
      {"no id", "\"cNomeArquivo\":\"a.pdf\"", {0, (char *)"a.pdf", NULL, 0}},
      {"white space around the name is none of it",
       "\"nIdAnexo\":1,\"cNomeArquivo\":\"  a b.pdf \\n\"",
       {1, (char *)"a b.pdf", NULL, 0}},
      {"entities are decoded, once",
       "\"nIdAnexo\":1,\"cNomeArquivo\":\"&quot;a&quot; &amp;lt; &apos;b&apos;.pdf\"",
       {1, (char *)"\"a\" &lt; 'b'.pdf", NULL, 0}},
      {"an empty name is none", "\"nIdAnexo\":1,\"cNomeArquivo\":\"\"", {1, NULL, NULL, 0}},
      {"a blank name is none", "\"nIdAnexo\":1,\"cNomeArquivo\":\"  \"", {1, NULL, NULL, 0}},
      {"null is none", "\"nIdAnexo\":1,\"cNomeArquivo\":null", {1, NULL, NULL, 0}},
      {"an empty code is none",
       "\"nIdAnexo\":1,\"cNomeArquivo\":\"a\",\"cCodIntAnexo\":\"\"",
       {1, (char *)"a", NULL, 0}},
      {"the second name of the size", "\"nIdAnexo\":1,\"tamanho\":11", {1, NULL, NULL, 11}},
      {"the third", "\"nIdAnexo\":1,\"nBytes\":\"12\"", {1, NULL, NULL, 12}},
      {"the fourth", "\"nIdAnexo\":1,\"bytes\":13", {1, NULL, NULL, 13}},
      {"the first one that is positive",
       "\"nIdAnexo\":1,\"bytes\":14,\"nTamanho\":0,\"tamanho\":\"\",\"nBytes\":-5",
       {1, NULL, NULL, 14}},
      {"a size that is no whole number is unknown",
       "\"nIdAnexo\":1,\"nTamanho\":1.5,\"tamanho\":\"1 KB\",\"nBytes\":true,\"bytes\":1e3",
       {1, NULL, NULL, 0}},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *body = g_strdup_printf("{\"listaAnexos\":[{%s}]}", cases[i].row);
    g_autoptr(OmieReply) reply = omie_reply_new(&omie_list_files);
    assert_true(omie_reply_feed(body, strlen(body), reply));
    omie_reply_end(reply);
    assert_int_equal(omie_reply_length(reply), 1);
    ListedFile file;
    const ListedFile *expected = &cases[i].file;
    listed_file_from_omie(&file, omie_reply_row(reply, 0));
    if (file.id != expected->id || g_strcmp0(file.name, expected->name) != 0 ||
        g_strcmp0(file.code, expected->code) != 0 || file.size != expected->size)
      fail_msg("%s: %" G_GINT64_FORMAT " \"%s\" \"%s\" %" G_GINT64_FORMAT, cases[i].why, file.id,
               file.name, file.code, file.size);
    listed_file_clear(&file);
  }
}

static void
test_a_code_fits_into_omies_twenty_characters(G_GNUC_UNUSED void **state)
{
  static const struct {
    gint64 id;
    const char *code;
  } cases[] = {{1, "B1"}, {12486000009, "B12486000009"}, {G_MAXINT64, "B9223372036854775807"}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *code = transfer_code(&(ListedFile){.id = cases[i].id});
    assert_string_equal(code, cases[i].code);
    assert_true(strlen(code) <= 20);
  }
  assert_null(transfer_code(&(ListedFile){.name = (char *)"a.pdf"}));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_what_becomes_of_a_file),
      cmocka_unit_test(test_how_a_file_is_listed),
      cmocka_unit_test(test_a_code_fits_into_omies_twenty_characters),
  };
  return cmocka_run_group_tests_name("transfer plan", tests, NULL, NULL);
}
