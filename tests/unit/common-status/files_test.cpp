// SPDX-License-Identifier: Apache-2.0
#include "common-status/replaced_file.hpp"

#include "store_fixture.hpp"

#include <optional>
#include <sys/stat.h>

namespace offlineimap::status {
namespace {

namespace fs = std::filesystem;
using test::error_of;

class Files : public test::DirectoryTest {
protected:
    fs::path path = host.directory / "file", beside = host.directory / "file.new";
};

TEST_F(Files, a_replacement_that_is_given_up_leaves_the_old_one)
{
    {
        ReplacedFile file(path, beside, Scope::folder, Durability::flushed);
        file.write("old");
        file.commit();
    }
    {
        ReplacedFile file(path, beside, Scope::folder, Durability::flushed);
        file.write("new");
    }
    EXPECT_EQ(read_file(path, Scope::folder), "old");
    EXPECT_FALSE(fs::exists(beside));
}

TEST_F(Files, a_replacement_is_private_and_whole)
{
    const std::string bytes(1'000'000, 'x');
    ReplacedFile file(path, beside, Scope::folder, Durability::unflushed);
    file.write(bytes.substr(0, 10));
    file.write(bytes.substr(10));
    file.commit();
    EXPECT_EQ(read_file(path, Scope::folder), bytes);
    struct stat facts = {};
    ASSERT_EQ(::stat(path.c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 07777u, 0600u);
}

TEST_F(Files, one_opening_at_a_time)
{
    std::optional<Descriptor> first = open_locked(path, {.name = "x"});
    EXPECT_EQ(
        error_of([&] { static_cast<void>(open_locked(path, {.name = "x"})); }).code(), Errc::busy);
    first.reset();
    EXPECT_TRUE(open_locked(path, {.name = "x"}));
}

TEST_F(Files, a_locked_file_that_is_removed_is_made_anew)
{
    const Descriptor first = open_locked(path, {.name = "x"});
    remove_file(path);
    EXPECT_TRUE(open_locked(path, {.name = "x"}));
    EXPECT_TRUE(fs::exists(path));
}

TEST_F(Files, none_reads_as_empty_and_a_directory_is_an_error)
{
    EXPECT_EQ(read_file(path, Scope::folder), "");
    EXPECT_EQ(
        error_of([&] { static_cast<void>(read_file(host.directory, Scope::folder)); }).code(),
        Errc::io);
}

/// The command that mends it is said by the core, which knows the account.
TEST_F(Files, damage_names_the_file)
{
    EXPECT_STREQ(
        corrupt({.name = "status of INBOX"}, "/m/LocalStatus/INBOX", "it is empty").what(),
        "read status of INBOX in /m/LocalStatus/INBOX: it is empty");
}

}  // namespace
}  // namespace offlineimap::status
