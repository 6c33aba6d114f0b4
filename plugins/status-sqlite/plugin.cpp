// SPDX-License-Identifier: Apache-2.0
#include "store.hpp"

namespace {

using namespace offlineimap;

constexpr auto letter_help = "the keyword that this lower-case Maildir letter stands for";

constexpr Option options[] = {
    {"fsync", OptionType::flag, "yes", "wait until the disk has what was written"},
    {"customflag_a", OptionType::text, "", letter_help},
    {"customflag_b", OptionType::text, "", letter_help},
    {"customflag_c", OptionType::text, "", letter_help},
    {"customflag_d", OptionType::text, "", letter_help},
    {"customflag_e", OptionType::text, "", letter_help},
    {"customflag_f", OptionType::text, "", letter_help},
    {"customflag_g", OptionType::text, "", letter_help},
    {"customflag_h", OptionType::text, "", letter_help},
    {"customflag_i", OptionType::text, "", letter_help},
    {"customflag_j", OptionType::text, "", letter_help},
    {"customflag_k", OptionType::text, "", letter_help},
    {"customflag_l", OptionType::text, "", letter_help},
    {"customflag_m", OptionType::text, "", letter_help},
    {"customflag_n", OptionType::text, "", letter_help},
    {"customflag_o", OptionType::text, "", letter_help},
    {"customflag_p", OptionType::text, "", letter_help},
    {"customflag_q", OptionType::text, "", letter_help},
    {"customflag_r", OptionType::text, "", letter_help},
    {"customflag_s", OptionType::text, "", letter_help},
    {"customflag_t", OptionType::text, "", letter_help},
    {"customflag_u", OptionType::text, "", letter_help},
    {"customflag_v", OptionType::text, "", letter_help},
    {"customflag_w", OptionType::text, "", letter_help},
    {"customflag_x", OptionType::text, "", letter_help},
    {"customflag_y", OptionType::text, "", letter_help},
    {"customflag_z", OptionType::text, "", letter_help},
};

constexpr Component components[] = {
    component<status_sqlite::SqliteStore>(
        "sqlite", "one SQLite file a folder, as offlineimap 6 to 8 keeps it", options),
};

}  // namespace

OFFLINEIMAP_PLUGIN(status_sqlite, "9.0.0", "Apache-2.0", components)
