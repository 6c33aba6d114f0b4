// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>

// Optional interfaces: what Interface::facet(T::facet_name) answers is a T*, or nullptr. It lives
// as long as the object that was asked.

namespace offlineimap {

/// For a repository that writes names of folders into what it stores (Maildir: the mark FMD5 in the
/// names of files).
class FolderNaming {
public:
    static constexpr std::string_view facet_name = "offlineimap.folder-naming/1";

    /// `visible` tells the name that the user's nametrans gives to a folder's own name. Before the
    /// first connect(); the function may be called from any thread and may throw Error{config}.
    virtual void use_visible_names(std::function<std::string(const std::string& name)> visible) = 0;

protected:
    ~FolderNaming() = default;
};

}  // namespace offlineimap
