/* What callers see of the back office's tables (backoffice.md 9.8, 10, 13). */
#pragma once
#include "db/list.h"

extern const List transfer_log_list, closure_log_list, integration_map_list;
