// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

#include <cstdlib>

namespace {

/// The functions of the original program that a pythonfile may import; its own where it is there.
class Imaputil : public ScriptPython {
protected:
    void SetUp() override
    {
        ScriptPython::SetUp();
        write("from offlineimap import imaputil\nimport codecs\n"
              "def name(f):\n    return imaputil.IMAP_utf8(f)\n"
              "def joined(words):\n    return '|'.join(words)\n");
    }
    std::string text_of(const std::string& source) { return std::get<std::string>(value(source)); }
};

TEST_F(Imaputil, knows_names_of_mailboxes)
{
    EXPECT_EQ(call("name", "Entw&APw-rfe"), text("Entwürfe"));
    for (const auto* name : {"Entwürfe", "a&b", "Größe/送信", "INBOX", "𝄞 music", "&&ä&&"}) {
        EXPECT_EQ(call("lambda f: imaputil.IMAP_utf8(imaputil.utf8_IMAP(f))", name), text(name));
        EXPECT_EQ(
            call("lambda f: f.encode('imap4-utf-7').decode('imap4-utf-7')", name), text(name));
    }
    EXPECT_EQ(call("lambda f: imaputil.utf8_IMAP(f)", "Größe/送"), text("Gr&APYA3w-e/&kAE-"));
    EXPECT_EQ(text_of("imaputil.decode_mailbox_name(b'\"a&-b\"')"), "a&b");
    EXPECT_EQ(text_of("codecs.decode(b'Entw&APw-rfe', 'imap4-utf-7')"), "Entwürfe");
    EXPECT_EQ(text_of("imaputil.foldername_to_imapname('a b')"), "\"a b\"");
}

TEST_F(Imaputil, knows_flags_and_lists)
{
    EXPECT_EQ(
        text_of("joined(imaputil.imapsplit(r'(\\HasNoChildren) \".\" \"INBOX.Sent\"'))"),
        "(\\HasNoChildren)|\".\"|\"INBOX.Sent\"");
    EXPECT_EQ(text_of("joined(imaputil.imapsplit(r'\"mo\\\" o\" sdfsdf'))"), "\"mo\\\" o\"|sdfsdf");
    EXPECT_EQ(text_of("joined(imaputil.imapsplit('a (b (c)) d'))"), "a|(b (c))|d");
    EXPECT_EQ(text_of("joined(imaputil.flagsplit(r'(\\Seen Work)'))"), "\\Seen|Work");
    EXPECT_EQ(
        text_of("joined(sorted(imaputil.flagsimap2maildir(r'(\\Seen \\Answered X)')))"), "R|S");
    EXPECT_EQ(text_of("joined(sorted(imaputil.flagsimap2keywords(r'(\\Seen X Y)')))"), "X|Y");
    EXPECT_EQ(text_of("imaputil.flagsmaildir2imap({'D', 'R'})"), "(\\Answered \\Draft)");
    EXPECT_EQ(text_of("imaputil.uid_sequence([1, 2, 3, 4, 5, 10, 12, 13])"), "1:5,10,12:13");
    EXPECT_EQ(text_of("imaputil.uid_sequence(['4', '2'])"), "2,4");
    EXPECT_EQ(text_of("imaputil.dequote('\"a b\"')"), "a b");
}

}  // namespace
