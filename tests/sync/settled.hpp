// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "two_sides.hpp"

#include <gtest/gtest.h>

namespace offlineimap::test {

/// Begins, where a test wants it, with mail that both sides have.
struct SettledTest : testing::Test {
    TwoSides two;

    /// Ten messages in INBOX and one in Archive, known on both sides.
    void settle()
    {
        for (int i = 0; i < 10; ++i)
            two.right.add("INBOX", mail("m" + std::to_string(i)));
        two.right.add("Archive", mail("old"));
        two.run();
        two.run();
    }
};

}  // namespace offlineimap::test
