// SPDX-License-Identifier: Apache-2.0
#include "protocol/utf7.hpp"

#include <gmock/gmock.h>

namespace offlineimap::imap::test {

struct Utf7Case {
    std::string_view encoded, decoded;
};

// The first three are from RFC 3501 section 5.1.3; the others were made with Python's codecs.
constexpr Utf7Case utf7_cases[] = {
    {"~peter/mail/&U,BTFw-/&ZeVnLIqe-",
     "~peter/mail/\xe5\x8f\xb0\xe5\x8c\x97/\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e"},
    {"&Jjo-!", "\xe2\x98\xba!"},
    {"A&-B", "A&B"},
    {"", ""},
    {"plain", "plain"},
    {"Entw&APw-rfe", "Entw\xc3\xbcrfe"},
    {"&2D3eAA-", "\xf0\x9f\x98\x80"},
    {"&AAk-", "\t"},
    {"&AH8-", "\x7f"},
};

TEST(Utf7, decodes_and_encodes)
{
    for (const auto& c : utf7_cases) {
        EXPECT_EQ(decode_utf7(c.encoded).value_or("refused"), c.decoded);
        EXPECT_EQ(encode_utf7(c.decoded).value_or("refused"), c.encoded);
    }
}

TEST(Utf7, refuses_what_has_another_form)
{
    for (const auto* bad :
         {"&", "&AOQ", "&AOQ-&AOQ-", "&AGE-", "&ACY-", "a\xc3\xa4", "&2D0-", "&3gA-", "&A-",
          "&AOR-", "a\tb", "&AO Q-"})
        EXPECT_FALSE(decode_utf7(bad)) << bad;
}

TEST(Utf7, refuses_what_is_not_utf8)
{
    for (const auto* bad :
         {"\xff", "\xc3", "\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80", "\xf5\x80\x80\x80", "a\x80",
          "\xf0\x80\x80\x80", "\xf4\x90\x80\x80"})
        EXPECT_FALSE(encode_utf7(bad)) << ::testing::PrintToString(bad);
}

}  // namespace offlineimap::imap::test
