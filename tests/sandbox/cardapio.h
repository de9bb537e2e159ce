/* CardapioWeb (data-collecting.md 3): what its two calls have in common. */
#pragma once
#include "stand_in.h"

/* Takes store and key from the headers, the parameters from the URL. */
void cardapio_read(Call *call);

/* {"code":…,"message":…} */
void cardapio_word(guint status, OmieReply *reply);
void cardapio_refuse(OmieReply *reply, guint status, int code, const char *message);
