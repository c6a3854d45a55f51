/*
 * finding_sentence: what a finding tells, as one sentence for people.
 */
#ifndef AZDAL_CLI_FINDING_SENTENCE_H
#define AZDAL_CLI_FINDING_SENTENCE_H

#include "detect/finding.h"

/*
 * Append "who (address) gave role at scope to whom; what became of it", fit for a terminal: without
 * control characters. No name takes more than `room` columns (four or more): a longer one loses its
 * middle. brief 1: ids are cut to their first eight digits and places are shorter; 2: the address
 * is left out, too; 3: so are the kind of principal, a resource group's subscription, and who ended
 * it.
 */
void finding_sentence(const struct finding *f, int brief, size_t room, struct buf *out);

#endif
