// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/plugin.hpp>

namespace offlineimap::maildir {

inline constexpr Option option_table[] = {
    {"localfolders", OptionType::path, nullptr, "where the Maildir is, or the root of many"},
    {"sep", OptionType::text, ".", "between the parts of a folder's name; / = nested directories"},
    {"restoreatime", OptionType::flag, "no", "keep the access times of new/ and cur/"},
    {"utime_from_header", OptionType::flag, "no",
     "give files the time in the message's Date field"},
    {"filename_use_mail_timestamp", OptionType::flag, "no",
     "begin file names with the time in the message's Date field"},
    {"maildir-windows-compatible", OptionType::flag, "no", "write ! instead of : in file names"},
    {"fsync", OptionType::flag, "yes", "make messages durable before they count as stored"},
    {"dovecot-keywords", OptionType::flag, "no",
     "keep keywords as Dovecot does, up to 26 in each folder"},
    {"customflag_a", OptionType::text, "", "the keyword that the file letter a stands for"},
    {"customflag_b", OptionType::text, "", "the keyword that the file letter b stands for"},
    {"customflag_c", OptionType::text, "", "the keyword that the file letter c stands for"},
    {"customflag_d", OptionType::text, "", "the keyword that the file letter d stands for"},
    {"customflag_e", OptionType::text, "", "the keyword that the file letter e stands for"},
    {"customflag_f", OptionType::text, "", "the keyword that the file letter f stands for"},
    {"customflag_g", OptionType::text, "", "the keyword that the file letter g stands for"},
    {"customflag_h", OptionType::text, "", "the keyword that the file letter h stands for"},
    {"customflag_i", OptionType::text, "", "the keyword that the file letter i stands for"},
    {"customflag_j", OptionType::text, "", "the keyword that the file letter j stands for"},
    {"customflag_k", OptionType::text, "", "the keyword that the file letter k stands for"},
    {"customflag_l", OptionType::text, "", "the keyword that the file letter l stands for"},
    {"customflag_m", OptionType::text, "", "the keyword that the file letter m stands for"},
    {"customflag_n", OptionType::text, "", "the keyword that the file letter n stands for"},
    {"customflag_o", OptionType::text, "", "the keyword that the file letter o stands for"},
    {"customflag_p", OptionType::text, "", "the keyword that the file letter p stands for"},
    {"customflag_q", OptionType::text, "", "the keyword that the file letter q stands for"},
    {"customflag_r", OptionType::text, "", "the keyword that the file letter r stands for"},
    {"customflag_s", OptionType::text, "", "the keyword that the file letter s stands for"},
    {"customflag_t", OptionType::text, "", "the keyword that the file letter t stands for"},
    {"customflag_u", OptionType::text, "", "the keyword that the file letter u stands for"},
    {"customflag_v", OptionType::text, "", "the keyword that the file letter v stands for"},
    {"customflag_w", OptionType::text, "", "the keyword that the file letter w stands for"},
    {"customflag_x", OptionType::text, "", "the keyword that the file letter x stands for"},
    {"customflag_y", OptionType::text, "", "the keyword that the file letter y stands for"},
    {"customflag_z", OptionType::text, "", "the keyword that the file letter z stands for"},
};

}  // namespace offlineimap::maildir
