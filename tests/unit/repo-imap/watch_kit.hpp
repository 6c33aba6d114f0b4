// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "testkit/test_cancel.hpp"

#include <offlineimap/repository.hpp>

#include <string>
#include <vector>

namespace offlineimap::imap::test {

using Stop = testkit::TestCancel;

/// Remembers what was touched, and has had enough after some.
class Touched final : public WatchSink {
public:
    explicit Touched(Stop& stop, std::size_t enough = 1) : stop_(stop), enough_(enough) { }
    void touched(const FolderPath& path) override
    {
        folders.push_back(path.empty() ? "" : path.back());
        if (folders.size() >= enough_) stop_.request();
    }
    std::vector<std::string> folders;

private:
    Stop& stop_;
    std::size_t enough_;
};

}  // namespace offlineimap::imap::test
