/* The same for an XML answer (Bling v2), by libxml2's pull reader: no DTD, no entities but the
 * five, no network, depth 32.  `arrays` names the elements that are rows
 * ("contasreceber.contareceber"), paths begin below the root. */
#pragma once
#include "erp/rows.h"

extern const BodyReader xml_rows; /* for a RowReader */
