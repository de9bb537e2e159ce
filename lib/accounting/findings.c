#include "accounting/findings.h"

#include "base/money.h"

static const struct {
  const char *code;
  FindingKind kind;
  const char *message;
} table[N_FOUND] = {
    [FOUND_REPEATED] = {"duplicate_account_identical", FINDING_WARNING,
                        "A conta veio duas vezes, idêntica; ficou uma."},
    [FOUND_UNBALANCED] = {"unbalanced", FINDING_ERROR,
                          "A soma dos débitos difere da soma dos créditos."},
    [FOUND_ROLL_FORWARD] = {"roll_forward", FINDING_ERROR,
                            "O saldo inicial e os movimentos não levam ao saldo final."},
    [FOUND_PARENT_MISSING] = {"parent_missing", FINDING_ERROR,
                              "A conta superior informada não está no balancete."},
    [FOUND_CYCLE] = {"hierarchy_cycle", FINDING_ERROR,
                     "A conta é superior de si mesma, através de outras."},
    [FOUND_LEVEL_ORDER] = {"level_order", FINDING_ERROR,
                           "O nível da conta superior não é menor que o da conta."},
    [FOUND_PARENT_NOT_SUMMARY] = {"parent_not_summary", FINDING_WARNING,
                                  "A conta superior não é sintética."},
    [FOUND_TYPE_MISMATCH] = {"type_mismatch", FINDING_WARNING,
                             "O tipo da conta difere do tipo da conta superior."},
    [FOUND_SUMMARY_SUM] = {"summary_sum", FINDING_ERROR,
                           "A conta sintética difere da soma das suas contas diretas."},
    [FOUND_EQUATION] = {"accounting_equation", FINDING_WARNING,
                        "Ativo e despesa diferem de passivo, patrimônio e receita."},
    [FOUND_CLASSES_INVERTED] = {"classe_inverted", FINDING_WARNING,
                                "As classes das contas estão trocadas: CLASSE_SEMANTICS=protheus "
                                "(ou document) as lê ao contrário."},
    [FOUND_CONTRA_ACCOUNT] = {"contra_account", FINDING_WARNING,
                              "Conta retificadora: o saldo fica no lado oposto ao do tipo."},
    [FOUND_TYPE_DEFAULTED] = {"type_defaulted", FINDING_WARNING,
                              "Tipo de conta desconhecido; tomada como ativo."},
    [FOUND_UNMAPPED] = {"unmapped_account", FINDING_WARNING,
                        "Há movimentos de uma conta que o plano de contas não tem."},
    [FOUND_UNUSUAL_CURRENCY] = {"unusual_currency", FINDING_WARNING, "Moeda incomum."},
};

static Finding *
new_finding(Found found, FindingKind kind)
{
  Finding *finding = g_new0(Finding, 1);
  finding->kind = kind;
  finding->code = table[found].code;
  finding->message = g_strdup(table[found].message);
  return finding;
}

void
finding_add(TrialBalance *balance, Found found, const char *account, const char *expected,
            const char *actual)
{
  Finding *finding = new_finding(found, table[found].kind);
  finding->account = g_strdup(account);
  finding->expected = g_strdup(expected);
  finding->actual = g_strdup(actual);
  g_ptr_array_add(balance->findings, finding);
}

void
finding_add_amounts(TrialBalance *balance, Found found, const char *account, gint64 expected,
                    gint64 actual)
{
  finding_add(balance, found, account, money_text(expected).text, money_text(actual).text);
}

void
finding_skip(TrialBalance *balance, Found found)
{
  g_ptr_array_add(balance->findings, new_finding(found, FINDING_NOT_APPLICABLE));
}

void
finding_free(Finding *finding)
{
  g_free(finding->account);
  g_free(finding->message);
  g_free(finding->expected);
  g_free(finding->actual);
  g_free(finding);
}
