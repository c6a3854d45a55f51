/*
 * finding_sentence: what a finding tells, as one sentence for people.
 */
#ifndef AZDAL_CLI_FINDING_SENTENCE_H
#define AZDAL_CLI_FINDING_SENTENCE_H

#include "detect/finding.h"

/*
 * Append "who (address) gave role at scope to whom; what became of it", fit for a terminal: without
 * control characters. brief 1: ids are cut to their first eight digits and places are shorter; 2:
 * the address is left out, too.
 */
void finding_sentence(const struct finding *f, int brief, struct buf *out);

#endif
