// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

namespace offlineimap::status_plain::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class Damage : public StoreTest {
protected:
    void expect_corrupt(const fs::path& file, std::string_view why)
    {
        const std::string before = read(file);
        const Error error = opening();
        EXPECT_EQ(error.code(), Errc::corrupt);
        EXPECT_EQ(error.scope(), Scope::folder);
        EXPECT_THAT(error.what(), AllOf(HasSubstr(file.string()), HasSubstr(std::string(why))));
        EXPECT_EQ(read(file), before) << "it must stay as it is";
    }
};

TEST_F(Damage, garbage_is_corrupt_and_stays_as_it_is)
{
    write(original(), "garbage\n");
    expect_corrupt(original(), "does not begin");
    write(original(), std::string(5000, '\0'));
    expect_corrupt(original(), "ends within a line");
}

TEST_F(Damage, lines_of_nonsense_are_corrupt)
{
    for (const char* line :
         {"x|S|0|", "5", "5|S|0", "5:S", "", "|S|0|", "99999999999999999999||0|"}) {
        write(original(), head_2 + "1||0|\n" + line + "\n");
        expect_corrupt(original(), "line 3");
    }
    write(original(), head_1 + "1|S|0|\n");
    expect_corrupt(original(), "line 2");
}

TEST_F(Damage, a_newer_format_is_refused_with_all_formats)
{
    write(original(), head_2.substr(0, head_2.size() - 2) + "3\n1||0|x|y\n");
    expect_corrupt(original(), "format 3, this offlineimap knows the formats 1 and 2");
}

TEST_F(Damage, a_file_cut_short_is_corrupt_wherever_it_is_cut)
{
    keep(every_kind());
    const std::string whole = read(original());
    for (std::size_t size = 0; size < whole.size(); ++size) {
        fs::resize_file(original(), size);
        EXPECT_EQ(opening().code(), Errc::corrupt) << size;
        write(original(), whole);
    }
}

TEST_F(Damage, a_changed_byte_is_corrupt)
{
    keep(every_kind());
    std::string bytes = read(original());
    bytes[bytes.find("1||0|")] = '3';
    write(original(), bytes);
    expect_corrupt(original(), "changed since it was written");
}

TEST_F(Damage, a_copy_of_the_files_is_not_taken_for_damage)
{
    keep(every_kind());
    const fs::path copy = host.directory.string() + "-copy";
    fs::copy(host.directory, copy, fs::copy_options::recursive);
    fs::remove_all(host.directory);
    fs::copy(copy, host.directory, fs::copy_options::recursive);
    fs::remove_all(copy);
    EXPECT_EQ(now(), every_kind());
}

TEST_F(Damage, our_file_beside_it_is_whole_or_corrupt)
{
    keep(every_kind());
    const std::string whole = read(ours("extra"));
    for (const std::size_t size : {std::size_t {5}, whole.size() / 2, whole.size() - 1}) {
        write(ours("extra"), whole.substr(0, size));
        expect_corrupt(ours("extra"), "");
    }
    std::string changed = whole;
    changed[changed.size() - 3] ^= 1;
    write(ours("extra"), changed);
    expect_corrupt(ours("extra"), "");
    write(ours("extra"), "offlineimap status extra 2\n");
    expect_corrupt(ours("extra"), "of version 2, this offlineimap knows the version 1");
}

TEST_F(Damage, a_log_that_is_damaged_in_its_middle_is_corrupt)
{
    PlainStore store(host);
    auto folder = store.open("INBOX");
    put(*folder, {make_record("1")});
    const std::size_t middle = read(ours("log")).size() - 2;
    put(*folder, {make_record("2")});
    std::string bytes = read(ours("log"));
    folder.reset();
    fs::remove(original());
    bytes[middle] ^= 1;
    write(ours("log"), bytes);
    expect_corrupt(ours("log"), "middle");
    write(ours("log"), "something else\n");
    expect_corrupt(ours("log"), "something else");
    write(ours("log"), "offlineimap status log 7\nxyz");
    expect_corrupt(ours("log"), "of version 7");
}

TEST_F(Damage, a_directory_in_the_way_is_an_input_output_error)
{
    fs::create_directories(original());
    const Error error = opening();
    EXPECT_EQ(error.code(), Errc::io);
    EXPECT_EQ(error.scope(), Scope::folder);
}

TEST_F(Damage, erase_removes_garbage_too)
{
    write(original(), "garbage");
    PlainStore(host).erase("INBOX");
    EXPECT_FALSE(fs::exists(original()));
    write(original(), "garbage");
    write(ours("log"), "garbage");
    write(ours("extra"), "garbage");
    PlainStore(host).erase("INBOX");
    EXPECT_THAT(now(), testing::IsEmpty());
}

}  // namespace
}  // namespace offlineimap::status_plain::test
