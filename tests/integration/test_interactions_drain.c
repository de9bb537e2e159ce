/* data-collecting.md 1.7.4, 1.7.11, 9.8: what an import sends by itself after its commits. */
#include "crm/send.h"

#include "base/settings.h"
#include "base/stop.h"
#include "harness_interactions.h"

static const char *const only_o1[] = {"O1", NULL};

/* The import's own call, in this process. */
static guint
drain(const char *const *organizations, gint64 seconds)
{
  g_autoptr(GError) error = NULL;
  guint statements = 0;
  if (!interactions_drain(db_shared(), organizations,
                          g_get_monotonic_time() + seconds * G_USEC_PER_SEC, &statements, &error))
    fail_msg("%s", error->message);
  db_disconnect(db_shared());
  return statements;
}

static void
test_the_immediate_messages_of_an_organization_are_sent(G_GNUC_UNUSED void **state)
{
  message_put("M1");
  message_put("M2");
  guint statements = drain(only_o1, 60);
  assert_message_stands("M1", "ENVIADO 1 never");
  assert_message_stands("M2", "ENVIADO 1 never");
  assert_int_equal(statements, 2 * 4 + 1); /* and one that finds nothing more */
}

static void
test_what_is_scheduled_old_or_of_others_is_left_to_the_workers(G_GNUC_UNUSED void **state)
{
  organization_put("O2", NULL);
  client_put("K2", "O2", "João", .phone = "11987650000");
  message_put("M1", .organization = "O2", .client = "K2");
  message_put("scheduled");
  message_put("yesterday");
  sql("update crm.interactions set imediata = false where id = 'scheduled'");
  sql("update crm.interactions set data_insercao = now() - interval '25 hours'"
      " where id = 'yesterday'");
  assert_int_equal(drain(only_o1, 60), 1);
  assert_int_equal(sales_calls(WHATSAPP), 0);
  assert_message_stands("M1", "- 0 now");
}

static void
test_nothing_is_begun_after_the_deadline(G_GNUC_UNUSED void **state)
{
  message_put("M1");
  assert_int_equal(drain(only_o1, 0), 0);
  assert_message_stands("M1", "- 0 now");
}

/* The programs' settings, for what runs in this process; before the first test. */
static int
settings_before(void **state)
{
  g_auto(GStrv) lines = program_environment();
  g_autoptr(GError) error = NULL;
  int failed = harness_open(state);
  for (gsize i = 0; lines[i] != NULL; i++) {
    g_auto(GStrv) line = g_strsplit(lines[i], "=", 2);
    g_setenv(line[0], line[1], TRUE);
  }
  stop_block_signals();
  return failed != 0 || !settings_load(&error);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      OUTBOX_CASE(test_the_immediate_messages_of_an_organization_are_sent),
      OUTBOX_CASE(test_what_is_scheduled_old_or_of_others_is_left_to_the_workers),
      OUTBOX_CASE(test_nothing_is_begun_after_the_deadline),
  };
  harness_filter();
  return cmocka_run_group_tests_name("messages after an import", tests, settings_before,
                                     harness_close);
}
