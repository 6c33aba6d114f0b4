// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "check.hpp"
#include "collect.hpp"
#include "repository_suite.hpp"
#include "test_cancel.hpp"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace offlineimap::testkit {

/// A session of a repository under test, with short words for what checks do. Every collector's
/// faults break a promise. One thread at a time.
class Visit {
public:
    explicit Visit(RepositoryBench& bench);
    /// Another session of the same repository.
    explicit Visit(Visit& other);  // NOLINT(google-explicit-constructor): copies nothing

    Repository& repository() noexcept { return *repository_; }
    Session& session() noexcept { return *session_; }
    TestCancel& cancel() noexcept { return *cancel_; }
    bool can(Capability capability) const { return session_->capabilities().has(capability); }

    FolderChanges changes(FolderIndex folder, const std::string& token = {});
    std::vector<MessageId> ids(FolderIndex folder);
    std::vector<FetchedText> fetch(const std::vector<MessageRef>& refs, Part part = Part::whole);
    FetchedText fetch(FolderIndex folder, const MessageId& id, Part part = Part::whole);
    /// An id that may be given to a new message; empty where the backend gives ids.
    MessageId next_id();
    /// Stores one message; its id is found out where the backend does not tell it.
    MessageId append(FolderIndex folder, std::string_view text, Message message = {});
    Outcome try_append(FolderIndex folder, std::string_view text, Message message = {});
    Outcome update(const Update& change);
    Outcome remove(const MessageRef& message);

private:
    std::unique_ptr<Repository> own_;
    std::unique_ptr<TestCancel> cancel_;
    Repository* repository_;
    std::unique_ptr<Session> session_;
    int last_id_ = 0;
};

/// A folder of a check's own, removed at the end.
class OwnFolder {
public:
    explicit OwnFolder(Visit& visit);
    OwnFolder(const OwnFolder&) = delete;
    OwnFolder& operator=(const OwnFolder&) = delete;
    ~OwnFolder();

    FolderIndex index() const noexcept { return index_; }
    const FolderPath& path() const noexcept { return path_; }

private:
    Visit& visit_;
    FolderPath path_;
    FolderIndex index_;
};

/// A name that no folder has.
[[nodiscard]] std::string unused_name();

/// A message as people send it, with CRLF line ends.
[[nodiscard]] std::string letter(std::string_view subject, std::size_t body_size = 100);

void require_none(const std::vector<std::string>& faults);
void require_good(const Outcome& outcome, const std::string& what);
void require_failure(const std::optional<Error>& failure, Errc code, const std::string& what);

}  // namespace offlineimap::testkit
