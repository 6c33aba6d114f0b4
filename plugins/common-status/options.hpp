// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/plugin.hpp>

namespace offlineimap::status {

inline constexpr auto letter_help = "the keyword that this lower-case Maildir letter stands for";

/// What every status store of ours understands.
inline constexpr Option options[] = {
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

}  // namespace offlineimap::status
