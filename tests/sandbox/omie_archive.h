/* What IncluirAnexo takes: a file in a zip archive in base64, and the MD5 of that text
 * (omie-api.md 7.2). */
#pragma once
#include "omie_reply.h"

/* The file inside `text`, an archive whose only entry has this very name; its MD5 must be `md5`.
 * NULL with the fault in `reply`.  The words of these faults are invented: Omie's are not known. */
GBytes *omie_archive_open(const char *text, const char *md5, const char *name, OmieReply *reply);
