/* Configurations of companies for tests: an environment that holds only what a test puts there. */
#pragma once
#include "unit.h"

#include "base/error.h"
#include "base/settings.h"
#include "erp/config.h"

/* A cmocka setup: no variable of an ERP is set. */
int erp_fixture_clear(void **state);

/* Sets a variable and reads the environment anew; NULL unsets it. */
void erp_fixture_set(const char *name, const char *value);

/* The configuration of a company, which must be readable. */
ErpConfig *erp_fixture_config(const char *company);

/* An error ERP_NOT_CONFIGURED that names the variable and does not show the value; frees it. */
void erp_fixture_assert_named(GError **error, const char *variable, const char *value);
