#include "harness_finance.h"

#include "harness_token.h"

const char *
finance_token(void)
{
  static char *token;
  if (token == NULL)
    token = token_with("fin", "{\"exp\":4102444800}");
  return token;
}

Answer *
finance_get(const char *path, const char *query)
{
  g_autofree char *whole = g_strconcat(path, query, NULL);
  return call("GET", whole, .token = finance_token());
}

Answer *
finance_post(const char *path, const char *body)
{
  return call("POST", path, .token = finance_token(), .body = body);
}
