/* fin.md 6.6 and 6.7: which client of ours a record of Omie's belongs to, and what changes. */

#include "fin/client_plan.h"
#include "unit.h"

typedef struct {
  ClientPlan plan;
} Fixture;

static int
set_up(void **state)
{
  Fixture *fixture = g_new0(Fixture, 1);
  client_plan_init(&fixture->plan);
  *state = fixture;
  return 0;
}

static int
tear_down(void **state)
{
  Fixture *fixture = *state;
  client_plan_clear(&fixture->plan);
  g_free(fixture);
  return 0;
}

static void
know(void **state, const char *id, const char *code, const char *document)
{
  Fixture *fixture = *state;
  client_plan_know(
      &fixture->plan,
      &(PlannedClient){
          .id = id, .code = code, .name = "Ours", .document = document, .email = "ours@x.com"});
}

static void
apply(void **state, const char *code, const char *name, const char *document, const char *email)
{
  Fixture *fixture = *state;
  client_plan_apply(&fixture->plan,
                    &(ClientRecord){(char *)code, (char *)name, (char *)document, (char *)email});
}

static const PlannedClient *
client(void **state, guint index)
{
  Fixture *fixture = *state;
  assert_true(index < fixture->plan.clients->len);
  return g_ptr_array_index(fixture->plan.clients, index);
}

static void
assert_counts(void **state, gint64 inserted, gint64 updated, gint64 ignored, gint64 repeated)
{
  const ClientCounts *counts = &((Fixture *)*state)->plan.counts;
  assert_int_equal(counts->inserted, inserted);
  assert_int_equal(counts->updated, updated);
  assert_int_equal(counts->ignored, ignored);
  assert_int_equal(counts->repeated_documents, repeated);
}

static void
test_a_record_without_code_and_document_is_ignored(void **state)
{
  apply(state, NULL, "A", NULL, "a@x.com");
  assert_counts(state, 0, 0, 1, 0);
  assert_int_equal(((Fixture *)*state)->plan.clients->len, 0);
}

static void
test_the_code_decides_whatever_the_document(void **state)
{
  know(state, "a", "7", "111");
  know(state, "b", NULL, "222");
  apply(state, "7", "New", "222", NULL);
  assert_counts(state, 0, 1, 0, 0);
  assert_string_equal(client(state, 0)->document, "222");
  assert_string_equal(client(state, 0)->name, "New");
  assert_false(client(state, 1)->changed); /* the hand-made row is not touched */
}

static void
test_a_client_without_code_adopts_the_code_of_its_document(void **state)
{
  know(state, "a", NULL, "111");
  know(state, "b", NULL, "111");
  apply(state, "7", "New", "111", NULL);
  assert_counts(state, 0, 1, 0, 0);
  assert_string_equal(client(state, 0)->code, "7"); /* the oldest */
  assert_null(client(state, 1)->code);
}

static void
test_two_registers_with_one_document_are_two_clients(void **state)
{
  know(state, "a", "7", "111");
  apply(state, "7", "Ours", "111", NULL);
  apply(state, "8", "Other", "111", NULL);
  assert_counts(state, 1, 1, 0, 1);
  assert_string_equal(client(state, 0)->code, "7");
  assert_string_equal(client(state, 1)->code, "8");
  assert_false(client(state, 0)->changed);
}

static void
test_the_same_pair_counts_once_in_the_next_run_too(void **state)
{
  know(state, "a", "7", "111");
  know(state, "b", "8", "111");
  apply(state, "8", "Ours", "111", "ours@x.com");
  apply(state, "7", "Ours", "111", "ours@x.com");
  assert_counts(state, 0, 2, 0, 1);
  assert_false(client(state, 0)->changed);
  assert_false(client(state, 1)->changed);
}

static void
test_a_record_without_code_prefers_a_client_without_code(void **state)
{
  know(state, "a", "7", "111");
  know(state, "b", NULL, "111");
  apply(state, NULL, "New", "111", NULL);
  assert_false(client(state, 0)->changed);
  assert_string_equal(client(state, 1)->name, "New");
  assert_null(client(state, 1)->code);
}

static void
test_a_record_without_code_updates_a_coded_client_and_leaves_its_code(void **state)
{
  know(state, "a", "7", "111");
  apply(state, NULL, "New", "111", NULL);
  assert_counts(state, 0, 1, 0, 0);
  assert_string_equal(client(state, 0)->code, "7");
  assert_string_equal(client(state, 0)->name, "New");
}

static void
test_records_of_one_page_see_each_other(void **state)
{
  apply(state, NULL, "First", "111", NULL);    /* new, without code */
  apply(state, "7", "Second", "111", NULL);    /* adopts it */
  apply(state, "7", "Third", NULL, "c@x.com"); /* the page shifted: again */
  assert_counts(state, 1, 2, 0, 0);
  assert_int_equal(((Fixture *)*state)->plan.clients->len, 1);
  assert_string_equal(client(state, 0)->code, "7");
  assert_string_equal(client(state, 0)->name, "Third");
  assert_string_equal(client(state, 0)->email, "c@x.com");
}

static void
test_a_blank_in_omie_never_erases_ours(void **state)
{
  know(state, "a", "7", "111");
  apply(state, "7", NULL, NULL, NULL);
  assert_counts(state, 0, 1, 0, 0);
  assert_false(client(state, 0)->changed);
  assert_string_equal(client(state, 0)->name, "Ours");
  assert_string_equal(client(state, 0)->email, "ours@x.com");
}

static void
test_a_nameless_new_client_is_called_sem_nome(void **state)
{
  apply(state, "7", NULL, NULL, NULL);
  assert_string_equal(client(state, 0)->name, "Sem nome");
}

static void
test_a_changed_document_is_found_by_later_records(void **state)
{
  know(state, "a", "7", "111");
  apply(state, "7", NULL, "222", NULL);
  apply(state, NULL, "ByDocument", "222", NULL);
  apply(state, NULL, "Nobody", "111", NULL);
  assert_string_equal(client(state, 0)->name, "ByDocument");
  assert_counts(state, 1, 2, 0, 0); /* 111 belongs to nobody any more */
}

int
main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
  const struct CMUnitTest tests[] = {
      CASE(test_a_record_without_code_and_document_is_ignored),
      CASE(test_the_code_decides_whatever_the_document),
      CASE(test_a_client_without_code_adopts_the_code_of_its_document),
      CASE(test_two_registers_with_one_document_are_two_clients),
      CASE(test_the_same_pair_counts_once_in_the_next_run_too),
      CASE(test_a_record_without_code_prefers_a_client_without_code),
      CASE(test_a_record_without_code_updates_a_coded_client_and_leaves_its_code),
      CASE(test_records_of_one_page_see_each_other),
      CASE(test_a_blank_in_omie_never_erases_ours),
      CASE(test_a_nameless_new_client_is_called_sem_nome),
      CASE(test_a_changed_document_is_found_by_later_records),
  };
  return cmocka_run_group_tests_name("client_plan", tests, NULL, NULL) != 0;
}
