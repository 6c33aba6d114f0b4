// SPDX-License-Identifier: Apache-2.0
#include "repo-maildir/file_flusher.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

namespace offlineimap::maildir {
namespace {

Descriptor new_file()
{
    std::array<char, 32> name {"/tmp/flusher-XXXXXX"};
    Descriptor file(::mkostemp(name.data(), O_CLOEXEC));
    ::unlink(name.data());
    return file;
}

/// Something that can be closed but not flushed.
Descriptor pipe_end()
{
    std::array<int, 2> ends {-1, -1};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return Descriptor();
    ::close(ends[0]);
    return Descriptor(ends[1]);
}

class Flusher : public testing::TestWithParam<int> {
protected:
    FileFlusher flusher_ {std::chrono::seconds(GetParam())};
};

TEST_P(Flusher, says_of_each_file_whether_it_is_safe)
{
    for (int i = 0; i < 500; ++i)
        flusher_.add(i % 7 == 3 ? pipe_end() : new_file());
    const std::vector<int> errors = flusher_.finish();
    ASSERT_EQ(errors.size(), 500U);
    for (std::size_t i = 0; i < errors.size(); ++i)
        EXPECT_EQ(errors[i], i % 7 == 3 ? EINVAL : 0) << i;
}

TEST_P(Flusher, begins_anew_after_each_group)
{
    flusher_.add(pipe_end());
    EXPECT_EQ(flusher_.finish(), std::vector<int> {EINVAL});
    flusher_.add(new_file());
    EXPECT_EQ(flusher_.finish(), std::vector<int> {0});
    EXPECT_TRUE(flusher_.finish().empty());
}

TEST_P(Flusher, closes_what_it_was_given)
{
    std::vector<int> numbers;
    for (int i = 0; i < 20; ++i) {
        Descriptor file = new_file();
        numbers.push_back(file.get());
        flusher_.add(std::move(file));
    }
    (void)flusher_.finish();
    for (const int number : numbers)
        EXPECT_EQ(::fcntl(number, F_GETFD), -1);
}

// Never more patient than cheap flushes need: threads from the second file on; and never a thread.
INSTANTIATE_TEST_SUITE_P(With, Flusher, testing::Values(-1, 3600));

}  // namespace
}  // namespace offlineimap::maildir
